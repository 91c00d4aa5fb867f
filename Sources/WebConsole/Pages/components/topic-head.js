// What stands above every page of a topic.

import { h } from "../lib/dom.js";
import { to } from "../lib/fleet.js";
import { badge, stateBadge } from "./badge.js";
import { tabs } from "./tabs.js";

/**
 * The heading, the mirror's badge and the tabs of a topic. `topic` is the answer of
 * `GET /twinlog/v1/clusters/{id}/topics/{t}`; `isMirrored` says that another cluster of this process mirrors it.
 */
export function topicHead({ params: { env, cluster } }, topic, { isMirrored = false } = {}) {
  const name = topic.topic_name;
  const address = (page) => to.topic(env, cluster, name, page);
  const items = [
    ["Overview", address("overview")],
    ["Messages", address("message-viewer")],
    ["Configuration", address("configuration")],
  ];
  if (topic.mirror || isMirrored) items.push(["Side by side", address("diff")]);
  return h(
    "div",
    { class: "topic-head" },
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, name),
      topic.mirror ? [badge(`Mirror of ${topic.mirror.source_topic_name}`, "accent"), stateBadge(topic.mirror.state)] : null,
    ),
    tabs("Topic", items),
  );
}
