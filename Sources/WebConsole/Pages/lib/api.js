// The public HTTP API, and nothing else.

/** What the server said no to, or that it could not be asked (`status` 0). */
export class APIError extends Error {
  constructor(status, code, message, body = null) {
    super(message);
    this.name = "APIError";
    this.status = status;
    this.code = code;
    this.body = body;
  }

  get isGone() {
    return this.status === 404;
  }
}

const watchers = new Set();
let isReachable = true;

/** Tells `body` whenever the server goes away (false) or comes back (true). Returns how to stop. */
export function onReachable(body) {
  watchers.add(body);
  return () => watchers.delete(body);
}

export function noteReachable(value) {
  if (value === isReachable) return;
  isReachable = value;
  for (const watcher of watchers) watcher(value);
}

/** Path segments, each escaped: path`/kafka/v3/clusters/${id}/topics/${name}`. */
export function path(strings, ...values) {
  return strings.reduce((text, part, index) => text + encodeURIComponent(values[index - 1]) + part);
}

/** A query string of what is neither null, undefined nor empty. */
export function query(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

/** Whether something in between, not the server, answered. */
const isAway = (response) => response.status === 502 || response.status === 504;

function away() {
  noteReachable(false);
  return new APIError(0, 0, "The server does not answer.");
}

async function send(method, target, body, { signal, text } = {}) {
  const options = { method, signal, headers: { Accept: "application/json" }, credentials: "same-origin" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(target, options);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw away();
  }
  if (isAway(response)) throw away();
  noteReachable(true);
  const content = await response.text();
  if (response.ok) {
    if (text) return content;
    return content ? parse(content) : null;
  }
  if (response.status === 401 && location.pathname !== "/login") {
    dispatchEvent(new CustomEvent("twinlog:login"));
  }
  throw refusal(response.status, content);
}

/** JSON whose integers stay exact: those beyond 2^53 become text. */
function parse(content) {
  // Most answers hold no such integer, and a reviver makes large ones slow.
  if (!/\d{16}/.test(content)) return JSON.parse(content);
  return JSON.parse(content, (key, value, context) => {
    const isLarge = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
    return isLarge && context?.source ? context.source : value;
  });
}

function refusal(status, content) {
  let body = null;
  try {
    body = JSON.parse(content);
  } catch {
    // Not ours, perhaps of a proxy in between.
  }
  const first = body?.errors?.[0];
  const message = body?.message ?? first?.detail ?? body?.error?.message ?? `The server answered ${status}.`;
  return new APIError(status, body?.error_code ?? status, message, body);
}

export const api = {
  get: (target, options) => send("GET", target, undefined, options),
  post: (target, body, options) => send("POST", target, body, options),
  put: (target, body, options) => send("PUT", target, body, options),
  patch: (target, body, options) => send("PATCH", target, body, options),
  delete: (target, options) => send("DELETE", target, undefined, options),

  /** The `data` of a list, through all of its pages. */
  async all(target, options) {
    const found = [];
    let next = target;
    while (next) {
      const answer = await send("GET", next, undefined, options);
      found.push(...(answer.data ?? []));
      const link = answer.metadata?.next;
      const address = link ? new URL(link, location.href) : null;
      next = address ? address.pathname + address.search : null;
    }
    return found;
  },
};

/**
 * Listens to server-sent events. `handlers` by event name get the parsed data; `closed` is told when the stream ends by
 * itself, with an APIError when it was refused or broken. Ends when `signal` is aborted.
 */
export async function stream(target, handlers, { signal, closed } = {}) {
  try {
    const response = await fetch(target, {
      signal,
      headers: { Accept: "text/event-stream" },
      credentials: "same-origin",
    });
    if (isAway(response)) throw away();
    noteReachable(true);
    if (!response.ok) throw refusal(response.status, await response.text());
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let began = performance.now();
    for (;;) {
      if (performance.now() - began > 8) {
        // What waits is read in one go otherwise, and the page would not answer meanwhile.
        await new Promise((resolve) => setTimeout(resolve));
        began = performance.now();
      }
      const { value, done } = await reader.read();
      if (done) break;
      let from = Math.max(0, rest.length - 1);
      rest += value;
      let end;
      while ((end = rest.indexOf("\n\n", from)) >= 0) {
        take(rest.slice(0, end), handlers);
        rest = rest.slice(end + 2);
        from = 0;
      }
    }
    closed?.(null);
  } catch (error) {
    if (signal?.aborted) return;
    closed?.(error instanceof APIError ? error : away());
  }
}

function take(block, handlers) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  if (data.length) handlers[name]?.(parse(data.join("\n")));
}
