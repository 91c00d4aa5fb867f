// Pages that stay true: read now, on changes, and now and then; what is gone is told.

import { api } from "./api.js";
import { fill } from "./dom.js";
import { onChange, repeat } from "./live.js";
import { reload } from "./router.js";

/** How much longer than a reading the rest after it is. */
const restFactor = 8;

/**
 * Calls `read` now (what it throws is the caller's), and again on changes of `kinds` in `cluster` and every `ms`.
 * When a later reading finds that the thing is gone (404), `root` is filled with `gone(error)`, and it ends.
 * Returns how to read at once.
 */
export async function keep({ signal, kinds, cluster, ms = 3_000, root, gone }, read) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener("abort", stop);
  // What takes long to read is read less often: most of the time belongs to who looks at it.
  let notBefore = 0;
  const timed = async () => {
    const start = performance.now();
    await read();
    const end = performance.now();
    notBefore = end + restFactor * (end - start);
  };
  await timed();
  let isFirst = true;
  const run = repeat(
    async () => {
      if (isFirst || performance.now() < notBefore) {
        isFirst = false;
        return;
      }
      try {
        await timed();
      } catch (error) {
        if (!error.isGone) throw error;
        stop();
        fill(root, gone(error));
      }
    },
    ms,
    controller.signal,
  );
  const again = () => {
    notBefore = 0;
    run();
  };
  onChange(kinds, cluster, controller.signal, again);
  return again;
}

/** A reading for `repeat`. When what `target` tells of is gone, the page is made anew, which says so. */
export function unlessGone(target, signal, read) {
  return async () => {
    try {
      await read();
    } catch (error) {
      if (error.isGone) await api.get(target, { signal }).catch((problem) => problem.isGone && reload());
      throw error;
    }
  };
}
