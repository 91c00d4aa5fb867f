// Pages that update by themselves.

import { noteReachable, onReachable, stream } from "./api.js";

const listeners = new Set();
const name = "twinlog.events";
let hasBegun = false;
let wait = 500;

// A browser keeps six connections to a server, and a stream of events takes one for good. So one window listens for all
// of them, and the next one when it is closed; the others hear it from that one.
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;
if (channel) channel.onmessage = ({ data }) => tell(data);

function begin() {
  hasBegun = true;
  if (!channel || !navigator.locks) {
    listen({ mayHaveMissed: false });
    return;
  }
  let isFirst = true;
  navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock) return listen({ mayHaveMissed: false });
    isFirst = false;
    return null;
  }).then(() => isFirst || navigator.locks.request(name, () => listen({ mayHaveMissed: true })));
}

/** Listens until the server refuses, and begins again when the server was away. */
function listen({ mayHaveMissed }) {
  return new Promise((resolve) => {
    const handlers = {
      hello: () => {
        // What happened while nobody listened is not told again.
        if (mayHaveMissed) share({ kind: "all" });
        mayHaveMissed = true;
        wait = 500;
      },
      change: share,
    };
    const closed = (error) => {
      if (error && error.status !== 0) {
        // An older server, or no log-in: pages still ask by themselves, and the next one tries again.
        hasBegun = error.status !== 401;
        resolve();
        return;
      }
      noteReachable(false);
      setTimeout(again, wait);
      wait = Math.min(wait * 2, 5_000);
    };
    const again = () => stream("/twinlog/v1/events", handlers, { closed });
    again();
  });
}

function share(change) {
  tell(change);
  channel?.postMessage(change);
}

function tell(change) {
  for (const { kinds, cluster, body } of [...listeners]) {
    if (change.kind !== "all" && !kinds.includes(change.kind)) continue;
    if (cluster && change.cluster_id && change.cluster_id !== cluster) continue;
    body(change);
  }
}

/** Calls `body` with each change of these kinds (of one cluster, if named) until `signal` is aborted. */
export function onChange(kinds, cluster, signal, body) {
  if (!hasBegun) begin();
  const listener = { kinds, cluster, body };
  listeners.add(listener);
  signal.addEventListener("abort", () => listeners.delete(listener));
}

/**
 * Calls `body` now and then every `ms` after it has ended, as long as the page can be seen, and at once when the server
 * is back. `body` may throw: the next call comes all the same.
 */
export function repeat(body, ms, signal) {
  let timer = null;
  let isRunning = false;
  const run = async () => {
    clearTimeout(timer);
    if (signal.aborted || isRunning) return;
    isRunning = true;
    try {
      if (!document.hidden) await body();
    } catch {
      // The page shows what it knows; the frame says that the server is away.
    }
    isRunning = false;
    if (!signal.aborted) timer = setTimeout(run, ms);
  };
  const seen = () => {
    if (!document.hidden) run();
  };
  document.addEventListener("visibilitychange", seen);
  const stop = onReachable((isReachable) => isReachable && run());
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    stop();
    document.removeEventListener("visibilitychange", seen);
  });
  run();
  return run;
}
