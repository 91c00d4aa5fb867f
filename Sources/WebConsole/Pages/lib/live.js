// Pages that update by themselves.

import { noteReachable, onReachable, stream } from "./api.js";

const listeners = new Set();
let controller = null;
let wait = 500;

function listen() {
  controller = new AbortController();
  stream(
    "/twinlog/v1/events",
    {
      hello: () => {
        // What happened while nobody listened is not told again.
        if (wait > 500) tell({ kind: "all" });
        wait = 500;
      },
      change: tell,
    },
    {
      signal: controller.signal,
      closed: (error) => {
        if (error && error.status !== 0) return; // An older server, or no log-in: pages still ask by themselves.
        noteReachable(false);
        setTimeout(listen, wait);
        wait = Math.min(wait * 2, 5_000);
      },
    },
  );
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
  if (!controller) listen();
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
