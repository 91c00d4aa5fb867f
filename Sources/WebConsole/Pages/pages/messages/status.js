// How far reading is, and what is out of the ordinary.

import { fill, h } from "../../lib/dom.js";
import { bytes, compact, count, plural } from "../../lib/format.js";

/** Partitions that are listed; the others are told as a number. */
const most = 64;

const why = {
  stopped: "Stopped.",
  limit: "That is as many as were asked for.",
  examined: "That is as many records as were to be looked at.",
  time: "That is as long as it was to look.",
  lost: "The connection was lost.",
};

/** One line that says what there is; `rate` is of a live tail. */
export function summary(feed, rate) {
  const found = plural(feed.rows.length, "record");
  const examined = `${count(feed.examined)} examined`;
  switch (feed.phase) {
    case "reading":
      return "Reading…";
    case "waiting":
      return "Type a time. Nothing is read before.";
    case "failed":
      return feed.error.message;
    case "searching":
      return `Searching: ${count(feed.found)} found, ${examined} (${bytes(feed.examinedBytes)})`;
    case "stopped":
      return `${why[feed.reason] ?? "Stopped."} ${count(feed.found)} found, ${examined}. Continue goes on from there.`;
    case "live":
      return feed.isLost
        ? "The connection was lost; the tail goes on where it was as soon as the server answers."
        : `Live: ${count(rate)} records/s, ${compact(feed.received)} received${dropped(feed)}${resumed(feed)}`;
    case "paused":
      return `Paused: ${plural(feed.waiting.length + feed.missed, "new record")} since${dropped(feed)}`;
    default:
      if (feed.wanted?.filter && !feed.wanted.isLive) return `Searched ${feed.isBackward ? "back to the beginning" : "to the end"}: ${count(feed.found)} found, ${examined}.`;
      return `${found}${feed.resumed && typeof feed.resumed === "string" ? `. ${feed.resumed}` : ""}`;
  }
}

const dropped = (feed) => (feed.skipped ? `, ${count(feed.skipped)} skipped by the server to keep up` : "");

function resumed(feed) {
  if (!feed.resumed || typeof feed.resumed === "string") return "";
  return `. Resumed: ${plural(feed.resumed.shown, "new record")} shown, ${count(feed.resumed.skipped)} skipped`;
}

/** What the server had to say, or what follows from where partitions begin and end. */
export function notices(feed) {
  const found = feed.notice ? [feed.notice] : [];
  const all = [...feed.partitions];
  for (const [id, partition] of all.slice(0, most)) {
    // That some of many partitions are empty is nothing to speak of while others have records.
    if (all.length > 1 && feed.rows.length && partition.start === partition.end) continue;
    if (partition.notice) found.push(`Partition ${id}: ${partition.notice}`);
  }
  return found;
}

/** What stands in place of rows. */
export function nothing(feed) {
  if (feed.rows.length) return null;
  if (feed.phase === "waiting") return ["Which time?", "Type one above. Nothing is read before."];
  if (feed.phase === "failed") return [feed.error.isGone ? "This is not there (any more)" : "This did not work", feed.error.message];
  if (feed.phase === "live") return ["Nothing yet", "Records show up here as they are written."];
  if (feed.phase === "searching") return ["Nothing found yet", "The search goes on; what it finds shows up here."];
  if (feed.phase === "stopped") return ["Nothing found yet", summary(feed, 0)];
  if (feed.phase !== "done") return null;
  const all = notices(feed);
  const more = all.length > 3 ? ` ${all.length - 3} more are below, under Partitions.` : "";
  const words = all.slice(0, 3).join(" ") + more;
  if (feed.wanted?.filter) return ["Nothing found", `${summary(feed, 0)} ${words}`];
  return ["No records here", words || "There is no record at or after this place."];
}

/** How much of what a search goes through is behind it, 0 to 1. */
function share(feed) {
  let [done, all] = [0, 0];
  for (const { start, begin, next, previous, end } of feed.partitions.values()) {
    all += Math.max(0, feed.isBackward ? begin - start : end - begin);
    done += Math.max(0, feed.isBackward ? begin - previous : Math.min(next, end) - begin);
  }
  return all ? done / all : 0;
}

/** The lines above the list. Their height does not change. */
export class Status {
  constructor() {
    this.text = h("p", { class: "status-text" });
    this.progress = h("progress", { max: "1", "aria-label": "How far the search is" });
    this.extra = h("p", { class: "soft status-extra" });
    this.spoken = h("div", { class: "visually-hidden", role: "status" });
    this.element = h("div", { class: "status" }, this.text, this.progress, this.extra, this.spoken);
    this.phase = null;
  }

  update(feed, rate) {
    const text = summary(feed, rate);
    this.text.textContent = text;
    this.element.dataset.phase = feed.phase;
    this.element.dataset.reason = feed.reason ?? "";
    this.element.dataset.examined = feed.examined;
    this.element.dataset.found = feed.found;
    const isSearch = feed.phase === "searching" || feed.phase === "stopped";
    this.progress.hidden = !isSearch;
    this.progress.value = share(feed);
    const words = notices(feed);
    this.extra.textContent = words.length > 1 ? `${words[0]} (${words.length - 1} more below)` : (words[0] ?? "");
    // Screen readers hear what changed, not each number on the way.
    if (this.phase !== feed.phase) this.spoken.textContent = text;
    this.phase = feed.phase;
  }
}

/** Below the list: how far by partition, and all notices. */
export class Positions {
  constructor() {
    this.notices = h("ul", { class: "notices" });
    this.rows = h("tbody");
    this.more = h("p", { class: "soft" });
    const titles = ["Partition", "Starts at", "Ends before", "Read from", "Read up to", "Left"];
    this.element = h(
      "details",
      { class: "positions" },
      h("summary", {}, "Partitions"),
      this.notices,
      h(
        "div",
        { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "How far each partition is read" },
        h("table", {}, h("thead", {}, h("tr", {}, titles.map((title) => h("th", { scope: "col", class: "number" }, title)))), this.rows),
      ),
      this.more,
    );
    this.element.addEventListener("toggle", () => this.feed && this.update(this.feed));
  }

  update(feed) {
    this.feed = feed;
    if (!this.element.open) return;
    const all = [...feed.partitions].sort(([a], [b]) => a - b);
    fill(this.notices, notices(feed).map((text) => h("li", {}, text)));
    fill(
      this.rows,
      all.slice(0, most).map(([id, { start, end, previous, next }]) =>
        h(
          "tr",
          { dataset: { positionOf: id } },
          [id, start, end, previous, next, Math.max(0, feed.isBackward ? previous - start : end - next)].map((value) => h("td", { class: "number" }, count(value))),
        ),
      ),
    );
    this.more.textContent = all.length > most ? `${count(all.length - most)} more partitions.` : "";
  }
}
