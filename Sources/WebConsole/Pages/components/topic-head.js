// What stands above every page of a topic.

import { h } from "../lib/dom.js";
import { to } from "../lib/fleet.js";
import { mirrorsOf } from "../lib/mirrors.js";
import { badge, stateBadge } from "./badge.js";
import { tabs } from "./tabs.js";

/**
 * The heading, what a mirror mirrors, and the tabs of a topic. `topic` is the answer of
 * `GET /twinlog/v1/clusters/{id}/topics/{t}`; `isMirrored` says that another cluster of this process mirrors it
 * (found out when it is not said); `actions` are buttons beside the name.
 */
export function topicHead({ params: { env, cluster }, signal }, topic, { isMirrored, actions = [] } = {}) {
  const name = topic.topic_name;
  const address = (page) => to.topic(env, cluster, name, page);
  const items = [
    ["Overview", address("overview")],
    ["Messages", address("message-viewer")],
    ["Configuration", address("configuration")],
  ];
  if (topic.mirror || isMirrored) items.push(["Side by side", address("diff")]);
  const bar = tabs("Topic", items);
  if (!topic.mirror && !topic.is_internal && isMirrored === undefined) {
    mirrorsOf(cluster, name, signal)
      .then((pairs) => pairs.length && bar.append(...tabs("Topic", [["Side by side", address("diff")]]).children))
      .catch(() => null);
  }
  return h(
    "div",
    { class: "topic-head" },
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, name),
      topic.mirror ? [badge("Mirror topic", "accent"), stateBadge(topic.mirror.state)] : null,
      topic.is_internal ? badge("Internal") : null,
      h("div", { class: "actions" }, actions),
    ),
    topic.mirror ? mirrorLine(topic.mirror, env, cluster) : null,
    bar,
  );
}

function mirrorLine(mirror, env, cluster) {
  return h(
    "p",
    { class: "soft" },
    "Mirrors ",
    h("strong", {}, mirror.source_topic_name),
    " through the cluster link ",
    h("a", { href: to.link(env, cluster, mirror.link_name) }, mirror.link_name),
    mirror.error_message ? `: ${mirror.error_message}` : null,
  );
}
