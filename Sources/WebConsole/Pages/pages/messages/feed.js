// The records that are shown, and how more of them come: one read, a search, or a live tail.

import { APIError, api, onReachable, stream } from "../../lib/api.js";
import { canContinue, mostPositions, recordsQuery } from "./query.js";

/** Rows that are kept; those at the other end go when more come. */
export const mostRows = 5_000;

/** Records that are kept for the moment when a paused tail goes on; those before them are skipped. */
const mostWaiting = 1_000;

export const keyOf = (record) => `${record.partition_id}-${record.offset}`;

/**
 * `phase` is one of: idle, reading, searching, stopped (by a person, a limit or a lost connection; `reason` says which),
 * done, live, paused, waiting (for a time to be typed), failed. `changed({prepended, isNew})` is told when something did.
 */
export class Feed {
  constructor({ target, signal, changed }) {
    Object.assign(this, { target, signal, changed });
    this.rows = [];
    this.partitions = new Map();
    this.phase = "idle";
    this.#reset();
    onReachableUntil(signal, () => this.#comeBack());
  }

  #reset() {
    this.error = null;
    this.reason = null;
    this.notice = null;
    this.examined = 0;
    this.examinedBytes = 0;
    this.found = 0;
    this.received = 0;
    this.skipped = 0;
    this.missed = 0;
    this.waiting = [];
    this.resumed = null;
  }

  /** Ends what runs. Returns the signal of what comes next. */
  #turn() {
    this.controller?.abort();
    this.controller = new AbortController();
    return AbortSignal.any([this.signal, this.controller.signal]);
  }

  #enter(phase, change = {}) {
    this.phase = phase;
    this.changed(change);
  }

  #fail(error) {
    this.error = error;
    this.#enter("failed");
  }

  /** Next offsets of the partitions that were asked for. */
  get positions() {
    return new Map([...this.partitions].map(([id, partition]) => [id, partition.next]));
  }

  /** Reads once. What was shown stays until the answer is there. */
  async read(wanted) {
    const signal = this.#turn();
    this.wanted = wanted;
    this.#reset();
    this.#enter("reading");
    try {
      const answer = await api.get(`${this.target}/records${recordsQuery(wanted)}`, { signal });
      this.partitions.clear();
      this.rows = [];
      this.#takeAnswer(answer);
      this.#append(answer.data);
      this.#enter("done", { isNew: true });
    } catch (error) {
      if (signal.aborted) return;
      this.rows = error.isGone ? this.rows : [];
      this.#fail(error);
    }
  }

  /** The next records after those shown. */
  async newer() {
    if (this.phase !== "done" && this.phase !== "failed") return;
    await this.#more(async (signal) => {
      const answer = await api.get(`${this.target}/records${recordsQuery(this.wanted, { positions: this.positions })}`, { signal });
      this.#takeAnswer(answer);
      this.#append(answer.data);
      this.resumed = answer.data.length ? null : "There is nothing newer yet.";
      return { appended: answer.data.length };
    });
  }

  /** The records before those shown. Offsets that hold none, as in a compacted topic, are passed over. */
  async older() {
    if (this.phase !== "done" && this.phase !== "failed") return;
    await this.#more(async (signal) => {
      const heads = this.#heads();
      for (let turn = 0; turn < 30; turn += 1) {
        const open = [...heads].filter(([id, head]) => head > (this.partitions.get(id)?.start ?? 0)).slice(0, mostPositions);
        if (!open.length) {
          this.resumed = "That is the beginning of the log.";
          return {};
        }
        const step = Math.max(1, Math.floor((turn === 0 ? this.wanted.limit : 1_000) / open.length));
        const begin = new Map(open.map(([id, head]) => [id, Math.max(this.partitions.get(id).start, head - step)]));
        const found = await this.#between(begin, heads, signal);
        for (const [id, offset] of begin) heads.set(id, offset);
        if (found.length) return { prepended: this.#prepend(found) };
      }
      this.resumed = "Many offsets before these hold no records. Ask again to look further back.";
      return {};
    });
  }

  /** All records from the offsets of `begin` up to those of `heads`, as the server merges them. */
  async #between(begin, heads, signal) {
    const found = [];
    let positions = begin;
    while (positions.size) {
      const most = Math.min(1_000, [...positions].reduce((sum, [id, from]) => sum + heads.get(id) - from, 0) * 2);
      const answer = await api.get(`${this.target}/records${recordsQuery(this.wanted, { positions, limit: most })}`, { signal });
      found.push(...answer.data.filter((record) => record.offset < heads.get(record.partition_id)));
      // A partition whose records are early is read past its head, while others have not come to theirs.
      const before = positions;
      positions = new Map(
        answer.partitions
          .filter(({ partition_id: id, next_offset: next }) => before.has(id) && next < heads.get(id) && next < this.partitions.get(id).end)
          .map(({ partition_id: id, next_offset: next }) => [id, next]),
      );
      if (!answer.data.length && [...positions].every(([id, next]) => next <= before.get(id))) break;
    }
    return found;
  }

  async #more(body) {
    const signal = this.#turn();
    this.error = null;
    this.resumed = null;
    this.#enter("reading");
    try {
      this.#enter("done", await body(signal));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** Searches on the server, from the beginning that was asked for, or on from where it stopped. */
  search(wanted, { isContinued = false } = {}) {
    const signal = this.#turn();
    this.wanted = wanted;
    const positions = isContinued && canContinue(this.positions) ? this.positions : null;
    const before = positions ? { examined: this.examined, bytes: this.examinedBytes, found: this.found } : { examined: 0, bytes: 0, found: 0 };
    if (!positions) {
      this.rows = [];
      this.partitions.clear();
      this.#reset();
    }
    this.error = null;
    this.reason = null;
    this.#enter("searching", { isNew: !positions });
    const end = (reason) => {
      this.reason = reason;
      this.#enter(reason === "end" ? "done" : "stopped");
    };
    stream(
      `${this.target}/records:stream${recordsQuery(wanted, { positions })}`,
      {
        records: ({ data }) => {
          this.found += this.#append(data);
          this.changed({});
        },
        progress: (progress) => {
          this.examined = before.examined + progress.examined_records;
          this.examinedBytes = before.bytes + progress.examined_bytes;
          this.#takePartitions(progress.partitions);
          this.changed({});
        },
        end: ({ reason, partitions }) => {
          this.#takePartitions(partitions);
          end(reason);
          this.controller.abort();
        },
        error: (problem) => this.#fail(new APIError(500, problem.error_code, problem.message)),
      },
      { signal, closed: (error) => this.#searchClosed(error, end) },
    );
  }

  #searchClosed(error, end) {
    if (this.phase !== "searching") return;
    if (error && error.status !== 0) this.#fail(error);
    else end("lost");
  }

  /** Ends a search or a tail. What was found stays. */
  stop() {
    if (this.phase === "searching") {
      this.#turn();
      this.reason = "stopped";
      this.#enter("stopped");
    } else if (this.phase === "live" || this.phase === "paused") {
      this.#turn();
      this.waiting = [];
      this.reason = null;
      this.#enter("done");
    }
  }

  /** Shows nothing until there is a time to begin at. */
  wait() {
    this.#turn();
    this.#reset();
    this.rows = [];
    this.partitions.clear();
    this.#enter("waiting", { isNew: true });
  }

  /** The newest records (or those from where it was asked for), and whatever comes. */
  async tail(wanted) {
    const signal = this.#turn();
    this.wanted = wanted;
    this.#reset();
    this.#enter("reading");
    try {
      const options = wanted.filter ? { hasFilter: false, limit: 1 } : {};
      const answer = await api.get(`${this.target}/records${recordsQuery(wanted, options)}`, { signal });
      this.rows = [];
      this.partitions.clear();
      this.#takeAnswer(answer);
      this.notice = null;
      if (!wanted.filter) this.#append(answer.data);
      this.#enter("live", { isNew: true });
      this.#follow(signal);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  #follow(signal) {
    const positions = canContinue(this.positions) ? this.positions : null;
    this.isLost = false;
    stream(
      `${this.target}/records:stream${recordsQuery(this.wanted, { positions, follow: true })}`,
      {
        records: ({ data, skipped }) => this.#arrive(data, skipped ?? 0),
        progress: (progress) => {
          this.examined = progress.examined_records;
          this.#takePartitions(progress.partitions);
        },
        error: (problem) => {
          this.#turn();
          this.#fail(new APIError(500, problem.error_code, problem.message));
        },
      },
      {
        signal,
        closed: (error) => {
          if (error && error.status !== 0) return this.#fail(error);
          this.isLost = true;
          this.changed({});
          setTimeout(() => this.#comeBack(), 1_000);
          return undefined;
        },
      },
    );
  }

  /** A tail whose connection was lost goes on where it was. */
  #comeBack() {
    if (!this.isLost || this.signal.aborted || (this.phase !== "live" && this.phase !== "paused")) return;
    this.#follow(this.#turn());
  }

  #arrive(data, skipped) {
    this.skipped += skipped;
    this.received += data.length;
    if (this.phase === "paused") {
      for (const record of data) this.#advance(record);
      this.waiting = this.waiting.concat(data);
      const over = this.waiting.length - mostWaiting;
      if (over > 0) {
        this.waiting = this.waiting.slice(over);
        this.missed += over;
      }
      this.missed += skipped;
    } else {
      this.#append(data);
    }
    this.changed({});
  }

  pause() {
    if (this.phase !== "live") return;
    this.missed = 0;
    this.waiting = [];
    this.resumed = null;
    this.#enter("paused");
  }

  /** Goes on. `resumed` says what came meanwhile: how many are shown, and how many were skipped. */
  resume() {
    if (this.phase !== "paused") return;
    this.resumed = { shown: this.waiting.length, skipped: this.missed };
    this.rows = this.rows.concat(this.waiting).slice(-mostRows);
    this.waiting = [];
    this.missed = 0;
    this.#enter("live");
  }

  #takeAnswer(answer) {
    this.notice = answer.notice ?? null;
    this.examined = answer.examined_records ?? 0;
    this.examinedBytes = answer.examined_bytes ?? 0;
    this.isComplete = answer.is_complete !== false;
    this.#takePartitions(answer.partitions, { hasNotices: true });
  }

  #takePartitions(partitions, { hasNotices = false } = {}) {
    for (const partition of partitions ?? []) {
      const known = this.partitions.get(partition.partition_id);
      this.partitions.set(partition.partition_id, {
        start: partition.start_offset ?? known?.start ?? 0,
        end: partition.end_offset ?? known?.end ?? 0,
        begin: known?.begin ?? (["latest", "beginning"].includes(this.wanted.start) ? (partition.start_offset ?? 0) : partition.next_offset),
        next: Math.max(partition.next_offset, hasNotices ? 0 : (known?.next ?? 0)),
        notice: partition.notice ?? (hasNotices ? null : (known?.notice ?? null)),
      });
    }
  }

  #advance(record) {
    const partition = this.partitions.get(record.partition_id);
    const next = record.offset + 1;
    if (!partition) this.partitions.set(record.partition_id, { start: 0, begin: record.offset, end: next, next, notice: null });
    else if (next > partition.next) {
      partition.next = next;
      if (next > partition.end) partition.end = next;
    }
  }

  /** Adds records at the end, each once. Returns how many were new. */
  #append(data) {
    const last = new Map();
    for (const record of this.rows) last.set(record.partition_id, Math.max(last.get(record.partition_id) ?? -1, record.offset));
    const fresh = data.filter((record) => record.offset > (last.get(record.partition_id) ?? -1));
    for (const record of fresh) this.#advance(record);
    const all = this.rows.length ? this.rows.concat(fresh) : fresh;
    this.rows = all.length > mostRows ? all.slice(all.length - mostRows) : all;
    return fresh.length;
  }

  #prepend(data) {
    let rows = data.concat(this.rows);
    const isMerged = this.wanted.partition < 0 && this.partitions.size > 1;
    if (isMerged) rows.sort((a, b) => a.timestamp_ms - b.timestamp_ms || a.partition_id - b.partition_id || a.offset - b.offset);
    for (const dropped of rows.slice(mostRows)) {
      const partition = this.partitions.get(dropped.partition_id);
      partition.next = Math.min(partition.next, dropped.offset);
    }
    rows = rows.slice(0, mostRows);
    this.rows = rows;
    return data.length;
  }

  /** The first offset shown of each partition; where nothing of it is shown, the one that comes next. */
  #heads() {
    const heads = this.positions;
    for (const record of this.rows) {
      heads.set(record.partition_id, Math.min(heads.get(record.partition_id) ?? record.offset, record.offset));
    }
    return heads;
  }
}

function onReachableUntil(signal, body) {
  const stop = onReachable((isReachable) => isReachable && body());
  signal.addEventListener("abort", stop);
}
