// The message viewer: any record of a topic, by offset, by time, by what is in it, or as it comes.

import { api, path } from "../../lib/api.js";
import { fill, h, stylesheet } from "../../lib/dom.js";
import { onChange } from "../../lib/live.js";
import { checkField } from "../../components/form.js";
import { topicHead } from "../../components/topic-head.js";
import { VirtualList } from "../../components/virtual-list.js";
import { jumpForm, searchForm, toggle } from "./controls.js";
import { Detail } from "./detail.js";
import { exchangeButtons } from "./exchange.js";
import { Feed, keyOf } from "./feed.js";
import { readQuery, writeQuery } from "./query.js";
import { views } from "./rows.js";
import { Positions, Status, nothing } from "./status.js";

export default async function page(context) {
  const { params, query, signal } = context;
  const target = path`/twinlog/v1/clusters/${params.cluster}/topics/${params.topic}`;
  const [info] = await Promise.all([api.get(target, { signal }), stylesheet(import.meta.url, "./messages.css")]);
  const viewer = new Viewer({ context, target, info, wanted: readQuery(query), signal });
  viewer.run();
  return viewer.element;
}

class Viewer {
  constructor({ context, target, info, wanted, signal }) {
    Object.assign(this, { context, target, info, wanted, signal });
    this.feed = new Feed({ target, signal, changed: (change) => this.#changed(change) });
    this.list = new VirtualList({
      label: "Records",
      ...views[wanted.view],
      open: (record) => this.#open(record, true),
      moved: (record) => this.detail.isOpen && this.#open(record, false),
      scrolled: (isAtEnd) => this.#scrolled(isAtEnd),
    });
    this.detail = new Detail({ target, signal, close: () => this.#close() });
    this.status = new Status();
    this.positions = new Positions();
    this.empty = h("div", { class: "list-empty", hidden: true });
    this.rate = 0;
    this.#build();
    this.#listen();
    const place = /^(\d+)-(\d+)$/.exec(wanted.record ?? "");
    if (place && !wanted.isLive) {
      this.viewer.classList.add("has-detail");
      this.detail.expect(Number(place[1]), Number(place[2]));
    }
  }

  /** Does what is wanted, and keeps it in the address. */
  run() {
    const { wanted, feed } = this;
    writeQuery(wanted);
    this.isPausedByScroll = false;
    if (wanted.isLive) feed.tail({ ...wanted });
    else if (wanted.start === "timestamp" && !wanted.timestamp) feed.wait();
    else if (wanted.filter) feed.search({ ...wanted });
    else feed.read({ ...wanted });
  }

  #build() {
    const { wanted, feed } = this;
    const run = () => this.run();
    const ids = this.info.partitions.map((partition) => partition.partition_id);
    this.search = searchForm(wanted, { run, stop: () => feed.stop(), goOn: () => feed.search({ ...wanted }, { isContinued: true }) });
    const wait = () => {
      writeQuery(wanted);
      feed.wait();
    };
    this.head = h("div", {}, topicHead(this.context, this.info));
    this.older = h("button", { class: "button", type: "button", dataset: { action: "older" }, onclick: () => feed.older() }, "Older");
    this.newer = h("button", { class: "button", type: "button", dataset: { action: "newer" }, onclick: () => feed.newer() }, "Newer");
    this.viewer = h("div", { class: "viewer" }, h("div", { class: "list-place" }, this.list.element, this.empty), this.detail.element);
    this.element = h(
      "div",
      { class: "page messages" },
      this.head,
      h("section", { class: "card controls", "aria-label": "What to show" }, jumpForm(wanted, ids, { run, wait }), this.search.element),
      this.#toolbar(),
      this.status.element,
      this.viewer,
      h("div", { class: "row" }, this.older, this.newer),
      this.positions.element,
    );
  }

  #toolbar() {
    const { wanted, feed } = this;
    const button = (action, label, onclick, kind = "") => h("button", { class: `button ${kind}`, type: "button", dataset: { action }, onclick }, label);
    this.live = button("live", "Live tail", () => this.#turnLive());
    this.pause = button("pause", "Pause", () => (feed.phase === "paused" ? this.#resume() : feed.pause()));
    this.produce = button("produce", "Produce", () => this.#produce(), "primary");
    this.readOnly = h("p", { class: "soft read-only", id: "read-only", hidden: true });
    this.exchange = exchangeButtons({ feed, target: this.target, info: () => this.info, signal: this.signal, refresh: () => this.run() });
    this.arrange = toggle("Arrange", [["time", "Merged by time"], ["partition", "By partition"]], wanted.arrange, (arrange) => {
      wanted.arrange = arrange;
      writeQuery(wanted);
      this.#changed({});
    });
    this.#showReadOnly();
    return h(
      "div",
      { class: "toolbar", role: "group", "aria-label": "Records" },
      button("refresh", "Refresh", () => this.run()),
      this.live,
      this.pause,
      toggle("View", [["table", "Table"], ["cards", "Cards"]], wanted.view, (view) => this.#look(view)),
      this.arrange,
      checkField({ name: "control", label: "Control records", checked: wanted.hasControl, onchange: (event) => this.#control(event.target.checked) }),
      h("div", { class: "row at-end" }, this.exchange.elements, this.produce),
      this.readOnly,
    );
  }

  #listen() {
    const { cluster, topic } = this.context.params;
    onChange(["topic", "mirror", "cluster"], cluster, this.signal, async (change) => {
      if ((change.kind === "topic" || change.kind === "mirror") && change.name !== topic) return;
      const shown = headOf(this.info);
      try {
        this.info = await api.get(this.target, { signal: this.signal });
        this.isGone = false;
      } catch (error) {
        if (!error.isGone) return;
        this.isGone = true;
      }
      this.#showReadOnly();
      // Only then, so that whoever is at a tab stays there.
      if (headOf(this.info) !== shown) fill(this.head, topicHead(this.context, this.info));
    });
    let before = 0;
    const timer = setInterval(() => {
      this.rate = Math.max(0, this.feed.received - before);
      before = this.feed.received;
      if (this.feed.phase === "live") this.status.update(this.feed, this.rate);
    }, 1_000);
    this.signal.addEventListener("abort", () => clearInterval(timer));
  }

  /** Why nothing can be written here, if so. */
  #showReadOnly() {
    const { mirror } = this.info;
    const isMirror = mirror && mirror.state !== "STOPPED";
    let reason = "";
    if (this.isGone) reason = "This topic has been deleted. What was read is still shown.";
    else if (isMirror) {
      reason =
        `Read-only: this topic is a mirror of “${mirror.source_topic_name}”, and only the link “${mirror.link_name}” ` +
        "writes to it, so that offsets stay the same.";
    }
    this.readOnly.textContent = reason;
    this.readOnly.hidden = !reason;
    for (const button of [this.produce, this.exchange.importer]) {
      button.disabled = Boolean(reason);
      button.setAttribute("aria-describedby", "read-only");
    }
  }

  #turnLive() {
    this.wanted.isLive = this.feed.phase !== "live" && this.feed.phase !== "paused";
    if (this.wanted.isLive) {
      this.run();
      return;
    }
    writeQuery(this.wanted);
    this.feed.stop();
    this.list.stick(false);
  }

  #resume() {
    this.isPausedByScroll = false;
    this.feed.resume();
    this.list.stick(true);
  }

  #look(view) {
    this.wanted.view = view;
    writeQuery(this.wanted);
    this.list.element.className = `list ${views[view].class}`;
    this.list.change(views[view]);
  }

  #control(isShown) {
    this.wanted.hasControl = isShown;
    this.run();
  }

  /** Nobody's reading is disturbed: a tail waits while somebody has scrolled up, and goes on at the end. */
  #scrolled(isAtEnd) {
    if (this.feed.phase === "live" && !isAtEnd) {
      this.isPausedByScroll = true;
      this.feed.pause();
    } else if (this.feed.phase === "paused" && isAtEnd && this.isPausedByScroll) {
      this.#resume();
    }
  }

  async #produce() {
    const { openProduce } = await import("./produce.js");
    openProduce({ target: this.target, info: this.info, done: (where) => this.#produced(where) });
  }

  #produced({ partition, offset }) {
    if (this.wanted.isLive) return;
    Object.assign(this.wanted, { start: "latest", offset: "", filter: "", record: `${partition}-${offset}` });
    this.context.navigate(`${location.pathname}?partition=${partition}&offset=${offset}&record=${partition}-${offset}`);
  }

  #open(record, focus) {
    if (this.feed.phase === "live") this.feed.pause();
    this.wanted.record = keyOf(record);
    writeQuery(this.wanted);
    this.list.select(this.wanted.record);
    this.viewer.classList.add("has-detail");
    this.detail.show(record, { focus });
  }

  #close() {
    this.wanted.record = null;
    writeQuery(this.wanted);
    this.list.select(null);
    this.viewer.classList.remove("has-detail");
    this.detail.hide();
    this.list.element.focus({ preventScroll: true });
  }

  #changed(change) {
    const prepended = (this.pending?.prepended ?? 0) + (change.prepended ?? 0);
    this.pending = { ...this.pending, ...change, prepended };
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const known = this.pending;
      this.pending = null;
      this.#draw(known);
    });
  }

  #draw({ isNew, prepended, appended }) {
    const { feed, wanted, list } = this;
    const isTail = feed.phase === "live";
    const isLatest = isNew && wanted.start === "latest" && !wanted.filter;
    const rows = wanted.arrange === "partition" && !wanted.isLive ? byPartition(feed.rows) : feed.rows;
    list.show(rows, { prepended: prepended ?? 0, toEnd: isTail });
    if (isNew && !isTail) {
      list.stick(false);
      list.element.scrollTop = 0;
      if (isLatest) list.toEnd();
      // The newest are found first: what is older comes above them.
      if (feed.phase === "searching" && feed.isBackward) list.stick(true);
    }
    if (appended) list.reveal(keyOf(rows[Math.min(rows.length - 1, rows.length - appended)]));
    if (feed.phase === "done") this.#find();
    const isOn = isTail || feed.phase === "paused";
    this.live.textContent = isOn ? "Stop live tail" : "Live tail";
    this.live.setAttribute("aria-pressed", String(isOn));
    this.pause.disabled = !isOn;
    this.pause.textContent = feed.phase === "paused" ? "Resume" : "Pause";
    this.older.disabled = this.newer.disabled = Boolean(wanted.filter) || (feed.phase !== "done" && feed.phase !== "failed");
    this.arrange.querySelectorAll("button").forEach((button) => (button.disabled = isOn));
    this.exchange.update();
    this.search.update(feed);
    this.status.update(feed, this.rate);
    this.positions.update(feed);
    list.element.setAttribute("aria-busy", String(feed.phase === "reading"));
    const words = nothing(feed);
    this.empty.hidden = !words;
    if (words) fill(this.empty, h("h2", {}, words[0]), h("p", { class: "soft" }, words[1]));
  }

  /** Opens the record that the address names, which may not be among those shown. */
  #find() {
    const place = /^(\d+)-(\d+)$/.exec(this.wanted.record ?? "");
    if (!place || this.hasLooked || this.feed.phase !== "done") return;
    this.hasLooked = true;
    const record = this.feed.rows.find((row) => keyOf(row) === this.wanted.record);
    if (record) {
      this.#open(record, false);
      this.list.reveal(this.wanted.record);
    } else {
      this.detail.read(Number(place[1]), Number(place[2]));
    }
  }
}

/** What the head of the page shows of a topic. */
const headOf = ({ mirror }) => JSON.stringify(mirror && [mirror.link_name, mirror.source_topic_name, mirror.state, mirror.error_message]);

const byPartition = (rows) => [...rows].sort((a, b) => a.partition_id - b.partition_id || a.offset - b.offset);
