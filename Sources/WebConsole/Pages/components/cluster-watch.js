// Pages that hold what somebody types: they stay as they are when their cluster goes, and say so.

import { api, path } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { keep } from "../lib/keep.js";
import { notice } from "./states.js";

/** A place for the news that the cluster of a page is gone. */
export function clusterWatch({ params, signal }) {
  const place = h("div", { role: "alert" });
  const text = "This cluster is not there any more. What you typed is still here, to be copied.";
  keep({ signal, kinds: ["cluster"], cluster: params.cluster, ms: 4_000, root: place, gone: () => notice("bad", text) }, () =>
    api.get(path`/twinlog/v1/clusters/${params.cluster}`, { signal }),
  ).catch(() => null);
  return place;
}
