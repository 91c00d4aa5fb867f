// States, with a colour and always with the word.

import { h } from "../lib/dom.js";
import { words } from "../lib/format.js";

const kinds = {
  ACTIVE: "good",
  RUNNING: "good",
  PROVISIONED: "good",
  STABLE: "good",
  PAUSED: "warn",
  PENDING: "warn",
  PENDING_STOPPED: "warn",
  PENDING_MIRROR: "warn",
  PROVISIONING: "warn",
  UNASSIGNED: "warn",
  PREPARING_REBALANCE: "warn",
  COMPLETING_REBALANCE: "warn",
  SOURCE_UNAVAILABLE: "bad",
  UNAVAILABLE: "bad",
  LINK_FAILED: "bad",
  FAILED: "bad",
};

/** A state as a badge: `ACTIVE` is green, `FAILED` red. */
export function stateBadge(state) {
  return h("span", { class: `badge ${kinds[state] ?? ""}`, dataset: { state } }, words(state));
}

export function badge(text, kind = "") {
  return h("span", { class: `badge ${kind}` }, text);
}
