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
    this.isBackward = false;
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

  /** The records before those shown. */
  async older() {
    if (this.phase !== "done" && this.phase !== "failed") return;
    await this.#more(async (signal) => {
      const before = this.#previous();
      if (!before.size) {
        this.resumed = "That is the beginning of the log.";
        return {};
      }
      const answer = await api.get(`${this.target}/records${recordsQuery(this.wanted, { before })}`, { signal });
      this.#takePartitions(answer.partitions);
      this.resumed = answer.data.length ? null : (answer.notice ?? "There is nothing older.");
      return { prepended: this.#prepend(answer.data) };
    });
  }

  /** Where what was read begins, of the partitions that have something before. */
  #previous() {
    const open = [...this.partitions].filter(([, { start, previous }]) => previous > start);
    return new Map(open.slice(0, mostPositions).map(([id, { previous }]) => [id, previous]));
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

  /**
   * Searches on the server, from the beginning that was asked for, or on from where it stopped; from the latest, it goes
   * backwards.
   */
  search(wanted, { isContinued = false } = {}) {
    const signal = this.#turn();
    this.wanted = wanted;
    this.isBackward = wanted.start === "latest";
    const places = isContinued && canContinue(this.positions) ? this.#places() : null;
    const before = { examined: places ? this.examined : 0, bytes: places ? this.examinedBytes : 0 };
    if (!places) {
      this.rows = [];
      this.partitions.clear();
      this.#reset();
    }
    this.error = this.reason = this.notice = null;
    this.#enter("searching", { isNew: !places });
    if (wanted.seconds) {
      const timer = setTimeout(() => this.stop("time"), wanted.seconds * 1_000);
      signal.addEventListener("abort", () => clearTimeout(timer));
    }
    stream(
      `${this.target}/records:stream${recordsQuery(wanted, places ?? {})}`,
      {
        records: ({ data }) => this.#take(data),
        progress: (progress) => {
          this.examined = before.examined + progress.examined_records;
          this.examinedBytes = before.bytes + progress.examined_bytes;
          this.#takePartitions(progress.partitions);
          this.changed({});
        },
        end: ({ reason, notice, partitions }) => {
          this.#takePartitions(partitions);
          this.notice = notice ?? null;
          this.#endSearch(reason);
          this.controller.abort();
        },
        error: (problem) => this.#fail(new APIError(500, problem.error_code, problem.message)),
      },
      { signal, closed: (error) => this.#searchClosed(error) },
    );
  }

  #places() {
    return this.isBackward ? { before: this.#previous() } : { positions: this.positions };
  }

  #take(data) {
    const count = this.isBackward ? this.#prepend(data) : this.#append(data);
    this.found += count;
    this.changed(this.isBackward ? { prepended: count } : {});
  }

  #endSearch(reason) {
    this.reason = reason;
    this.#enter(reason === "end" ? "done" : "stopped");
  }

  #searchClosed(error) {
    if (this.phase !== "searching") return;
    if (error && error.status !== 0) this.#fail(error);
    else this.#endSearch("lost");
  }

  /** Ends a search or a tail. What was found stays. */
  stop(reason = "stopped") {
    if (this.phase === "searching") {
      this.#turn();
      this.reason = reason;
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
    this.isBackward = false;
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
    this.#takePartitions(answer.partitions);
  }

  #takePartitions(partitions) {
    for (const partition of partitions ?? []) {
      const known = this.partitions.get(partition.partition_id);
      const next = partition.next_offset;
      const previous = partition.previous_offset ?? next;
      this.partitions.set(partition.partition_id, {
        start: partition.start_offset ?? known?.start ?? 0,
        end: Math.max(partition.end_offset ?? 0, known?.end ?? 0),
        next: Math.max(next, known?.next ?? 0),
        previous: Math.min(previous, known?.previous ?? previous),
        begin: known?.begin ?? (this.isBackward ? next : previous),
        notice: partition.notice ?? known?.notice ?? null,
      });
    }
  }

  #advance(record) {
    const partition = this.partitions.get(record.partition_id);
    const next = record.offset + 1;
    if (!partition) this.partitions.set(record.partition_id, { start: 0, begin: record.offset, end: next, next, previous: record.offset, notice: null });
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
    const over = Math.max(0, all.length - mostRows);
    for (const dropped of all.slice(0, over)) {
      const partition = this.partitions.get(dropped.partition_id);
      partition.previous = Math.max(partition.previous, dropped.offset + 1);
    }
    this.rows = over ? all.slice(over) : all;
    return fresh.length;
  }

  /** Adds records before the others. Those at the end go when it is too many. */
  #prepend(data) {
    const all = data.concat(this.rows);
    for (const dropped of all.slice(mostRows)) {
      const partition = this.partitions.get(dropped.partition_id);
      if (partition) partition.next = Math.min(partition.next, dropped.offset);
    }
    this.rows = all.slice(0, mostRows);
    return data.length;
  }
}

function onReachableUntil(signal, body) {
  const stop = onReachable((isReachable) => isReachable && body());
  signal.addEventListener("abort", stop);
}
