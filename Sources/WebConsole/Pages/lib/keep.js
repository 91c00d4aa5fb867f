// Pages that stay true: read now, on changes, and now and then; what is gone is told.

import { fill } from "./dom.js";
import { onChange, repeat } from "./live.js";

/**
 * Calls `read` now (what it throws is the caller's), and again on changes of `kinds` in `cluster` and every `ms`.
 * When a later reading finds that the thing is gone (404), `root` is filled with `gone(error)`, and it ends.
 * Returns how to read at once.
 */
export async function keep({ signal, kinds, cluster, ms = 3_000, root, gone }, read) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener("abort", stop);
  await read();
  let isFirst = true;
  const again = repeat(
    async () => {
      if (isFirst) {
        isFirst = false;
        return;
      }
      try {
        await read();
      } catch (error) {
        if (!error.isGone) throw error;
        stop();
        fill(root, gone(error));
      }
    },
    ms,
    controller.signal,
  );
  onChange(kinds, cluster, controller.signal, again);
  return again;
}
