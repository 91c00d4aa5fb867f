// Source and mirror of a topic, side by side by offset.

import { api, path, query as queryText } from "../../lib/api.js";
import { fill, h, stylesheet } from "../../lib/dom.js";
import { to } from "../../lib/fleet.js";
import { count, plural, timeZone } from "../../lib/format.js";
import { repeat } from "../../lib/live.js";
import { mirrorsOf, sourceOf } from "../../lib/mirrors.js";
import { setQuery } from "../../lib/router.js";
import { selectField, textField } from "../../components/form.js";
import { empty, failed } from "../../components/states.js";
import { topicHead } from "../../components/topic-head.js";
import { align, isLoud, tally } from "./compare.js";
import { diffRows } from "./rows.js";
import { verifySection } from "./verify.js";

/** Offsets of a page, and bytes of each part that are read for it and when all are wanted. */
const [pageSize, partBytes, allBytes] = [50, 16_384, 1_048_576];

const topicTarget = (side) => path`/twinlog/v1/clusters/${side.id}/topics/${side.topic}`;

export default async function page(context) {
  const { params, signal } = context;
  const [topic] = await Promise.all([
    api.get(path`/twinlog/v1/clusters/${params.cluster}/topics/${params.topic}`, { signal }),
    stylesheet(import.meta.url, "./diff.css"),
  ]);
  const [own, others] = await Promise.all([
    topic.mirror ? sourceOf(params.cluster, topic, signal) : {},
    mirrorsOf(params.cluster, params.topic, signal),
  ]);
  const pairs = [own.pair, ...others].filter(Boolean);
  const head = topicHead(context, topic, { isMirrored: others.length > 0 });
  if (!pairs.length) {
    const proof = own.link ? verifySection({ cluster: params.cluster, link: own.link, topic: params.topic, partitions: topic.partitions.length }, signal) : null;
    return h("div", { class: "page diff" }, head, own.reason ? empty("The source is elsewhere", own.reason) : alone(params), proof);
  }
  return new Diff(context, pairs, { head, partitions: topic.partitions.length }).element;
}

const alone = ({ env, cluster, topic }) =>
  empty(
    "Nothing to compare with",
    `${topic} is not a mirror, and no cluster of this process mirrors it.`,
    h("a", { class: "button", href: to.cluster(env, cluster, "cluster-links") }, "Cluster links"),
  );

const keyOf = (pair) => `${pair.source.id}/${pair.source.topic}→${pair.mirror.id}/${pair.mirror.topic}`;

const title = ({ source, mirror }) => `${source.topic} in ${source.name} → ${mirror.topic} in ${mirror.name}`;

class Diff {
  constructor({ query, signal }, pairs, { head, partitions }) {
    Object.assign(this, { signal, pairs, head, partitionsCount: partitions });
    this.pair = pairs.find((pair) => keyOf(pair) === query.get("with")) ?? pairs[0];
    this.partition = Number(query.get("partition") ?? 0) || 0;
    this.offset = query.get("offset") ?? "";
    this.from = 0;
    this.turn = 0;
    this.element = h("div", { class: "page diff" });
    this.#build();
    repeat(() => this.#look(), 2_000, signal);
    this.#jump();
  }

  #build() {
    const { pair, pairs } = this;
    this.view = null;
    this.summary = h("p", { class: "diff-summary" }, "\u00a0");
    this.ends = h("p", { class: "soft diff-ends" }, "\u00a0");
    this.spoken = h("div", { class: "visually-hidden", role: "status" });
    this.body = h("tbody");
    this.note = h("div", { class: "diff-note" });
    const button = (action, label, body) => h("button", { class: "button", type: "button", dataset: { action }, onclick: body }, label);
    this.first = button("first", "First", () => this.#go(this.#start));
    this.older = button("older", "Older", () => this.#go(Math.max(this.#start, this.from - pageSize)));
    this.newer = button("newer", "Newer", () => this.#go(this.view.next));
    this.last = button("last", "Last", () => this.#last());
    this.find = button("find", "Find next difference", () => this.#find());
    const refresh = button("refresh", "Refresh", () => this.#go(this.from));
    const options = pairs.map((item) => [keyOf(item), title(item)]);
    const choose = (event) => this.#choose(event.target.value);
    const choice = pairs.length > 1 ? selectField({ name: "with", label: "Compare", value: keyOf(pair), options, onchange: choose }) : null;
    fill(
      this.element,
      this.head,
      verifySection({ cluster: pair.mirror.id, link: pair.link, topic: pair.mirror.topic, partitions: this.partitionsCount }, this.signal),
      h("section", { class: "card controls", "aria-label": "Where to look" }, choice, this.#form()),
      h("div", { class: "row" }, this.first, this.older, this.newer, this.last, this.find, refresh),
      h("div", {}, this.summary, this.ends, this.spoken),
      this.note,
      h("div", { class: "table-wrap diff-table", tabindex: "0", role: "region", "aria-label": "Source and mirror by offset" }, this.#table()),
    );
  }

  #form() {
    const offset = textField({ name: "offset", label: "Offset", value: this.offset, placeholder: "-1 is the last" });
    this.input = offset.querySelector("input");
    const partition = selectField({
      name: "partition",
      label: "Partition",
      value: String(this.partition),
      options: [[String(this.partition), `Partition: ${this.partition}`]],
      onchange: (event) => {
        this.partition = Number(event.target.value);
        this.offset = this.#typed();
        this.#jump();
      },
    });
    this.partitions = partition.querySelector("select");
    const submit = (event) => {
      event.preventDefault();
      this.offset = this.#typed();
      this.#jump();
    };
    const button = h("button", { class: "button", type: "submit" }, "Jump");
    return h("form", { class: "row jump", "aria-label": "Jump", onsubmit: submit, novalidate: true }, offset, partition, button);
  }

  #typed() {
    return this.input.value.trim().replace("\u2212", "-");
  }

  #table() {
    const { source, mirror } = this.pair;
    const column = (side, word) => {
      const address = to.topic(side.env, side.id, side.topic, "message-viewer");
      return h("th", { scope: "col" }, h("a", { href: address }, `${word}: ${side.topic}`), h("span", { class: "soft" }, ` in ${side.name}`));
    };
    return h(
      "table",
      {},
      h("caption", { class: "visually-hidden" }, `Records of both sides by offset, times in ${timeZone}`),
      h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "number" }, "Offset"), column(source, "Source"), column(mirror, "Mirror"))),
      this.body,
    );
  }

  #choose(key) {
    this.pair = this.pairs.find((pair) => keyOf(pair) === key);
    Object.assign(this, { partition: 0, offset: "" });
    setQuery({ with: key, offset: null, partition: null });
    this.#build();
    this.#jump();
  }

  get #start() {
    return this.view ? Math.min(this.view.ends.source.start_offset, this.view.ends.mirror.start_offset) : 0;
  }

  /** Where both logs of the partition begin and end now. */
  async #ends() {
    const { pair } = this;
    const [mirror, source] = await Promise.all([pair.mirror, pair.source].map((side) => api.get(topicTarget(side), { signal: this.signal })));
    const ids = source.partitions.map((partition) => partition.partition_id);
    if (this.partitions.options.length !== ids.length) {
      fill(this.partitions, ids.map((id) => h("option", { value: id, selected: id === this.partition }, `Partition: ${id}`)));
    }
    const own = (topic) => topic.partitions.find((partition) => partition.partition_id === this.partition);
    const [a, b] = [own(source), own(mirror)];
    if (!a) throw new Error(`There is no partition ${this.partition} in ${pair.source.topic}.`);
    const range = (partition) => (partition ? `offsets ${count(partition.start_offset)} to ${count(partition.end_offset)}` : "no such partition yet");
    const lag = Math.max(0, a.end_offset - (b?.end_offset ?? 0));
    this.ends.textContent = `Source: ${range(a)}. Mirror: ${range(b)}, ${lag ? `${plural(lag, "record")} behind` : "nothing behind"}.`;
    return { source: a, mirror: b };
  }

  /** Goes to the offset that was typed; negative ones count from the source's end. */
  async #jump() {
    const isWrong = this.offset !== "" && !/^-?\d+$/.test(this.offset);
    this.input.setAttribute("aria-invalid", String(isWrong));
    this.input.closest(".field").querySelector(".error").textContent = isWrong ? "A whole number; -1 is the last." : "";
    if (isWrong) return;
    setQuery({ partition: this.partition || null });
    try {
      const { source } = await this.#ends();
      const wanted = this.offset === "" ? source.start_offset : Number(this.offset);
      await this.#go(wanted < 0 ? Math.max(source.start_offset, source.end_offset + wanted) : wanted, this.offset);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #last() {
    try {
      const { source } = await this.#ends();
      await this.#go(Math.max(source.start_offset, source.end_offset - pageSize));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error) {
    if (!this.signal.aborted) fill(this.note, failed(error, () => this.#jump()));
  }

  /**
   * Both sides from an offset on. The mirror is read first: what it has, the source has had, so that nothing looks extra
   * that only came in between.
   */
  async #read(from, limit) {
    const text = queryText({ partition: this.partition, offset: from, limit, control: "true", max_value_bytes: partBytes });
    const read = (side) => api.get(`${topicTarget(side)}/records${text}`, { signal: this.signal });
    const mirror = await read(this.pair.mirror);
    return align(await read(this.pair.source), mirror, limit);
  }

  /** Shows the page from an offset on; `typed` is what the address says instead, such as -1. */
  async #go(from, typed = String(from)) {
    const turn = (this.turn += 1);
    this.#enable(false);
    try {
      const view = await this.#read(from, pageSize);
      if (turn !== this.turn) return;
      this.from = from;
      this.#show(view);
      setQuery({ offset: typed });
    } catch (error) {
      if (turn === this.turn) this.#fail(error);
    }
    if (turn === this.turn) this.#enable(true);
  }

  #enable(isEnabled) {
    this.first.disabled = this.older.disabled = !isEnabled || !this.view || this.from <= this.#start;
    this.newer.disabled = this.find.disabled = !isEnabled || !this.view || this.view.isAtEnd;
    this.last.disabled = !isEnabled;
  }

  #show(view) {
    this.view = view;
    const { rows, ends } = view;
    const bad = rows.filter(isLoud).length;
    fill(this.body, diffRows(rows, (offset) => this.#both(offset)));
    this.summary.textContent = rows.length ? `Offsets ${count(rows[0].offset)} to ${count(rows.at(-1).offset)}: ${tally(rows)}` : "No records here";
    this.summary.dataset.differences = bad;
    this.summary.classList.toggle("bad", bad > 0);
    this.spoken.textContent = this.summary.textContent;
    const words = [ends.source.notice && `Source: ${ends.source.notice}`, ends.mirror.notice && `Mirror: ${ends.mirror.notice}`].filter(Boolean);
    if (!rows.length && !words.length) words.push(`Neither side holds a record at or after offset ${count(this.from)}.`);
    fill(this.note, words.map((text) => h("p", { class: "notice" }, text)));
  }

  /** Looks at page after page until something differs. */
  async #find() {
    const turn = (this.turn += 1);
    this.#enable(false);
    const begin = this.view.next;
    let from = begin;
    try {
      for (;;) {
        const view = await this.#read(from, 500);
        if (turn !== this.turn) return;
        const found = view.rows.find(isLoud);
        if (found) return await this.#go(found.offset);
        if (view.isAtEnd || view.next <= from) {
          await this.#go(Math.max(begin, view.next - pageSize));
          fill(this.note, h("p", { class: "notice good" }, `No difference from offset ${count(begin)} up to the end, ${count(view.next)}.`));
          return undefined;
        }
        this.summary.textContent = `No difference up to offset ${count(view.next)}, looking on`;
        from = view.next;
      }
    } catch (error) {
      if (turn === this.turn) this.#fail(error);
      this.#enable(true);
      return undefined;
    }
  }

  /** Both records at an offset, as whole as the API hands them out. */
  #both(offset) {
    const text = queryText({ partition: this.partition, offset, limit: 1, control: "true", max_value_bytes: allBytes });
    return Promise.all(
      [this.pair.source, this.pair.mirror].map(async (side) => {
        const record = (await api.get(`${topicTarget(side)}/records${text}`, { signal: this.signal })).data[0];
        if (record?.offset !== offset) throw new Error(`Offset ${offset} is not there any more in ${side.name}.`);
        return record;
      }),
    );
  }

  /** What comes while the end is shown is shown too. */
  async #look() {
    if (!this.view) return;
    const before = this.view.ends;
    const now = await this.#ends();
    const isNew = now.source.end_offset !== before.source.end_offset || now.mirror?.end_offset !== before.mirror.end_offset;
    if (isNew && this.view.isAtEnd) await this.#go(this.from, new URLSearchParams(location.search).get("offset") ?? undefined);
  }
}
