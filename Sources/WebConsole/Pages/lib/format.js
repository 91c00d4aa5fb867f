// Numbers, sizes and times as people read them.

const whole = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const one = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** 12,345; a dash for what is not known. */
export function count(value) {
  return value === null || value === undefined ? "–" : whole.format(value);
}

/** 12.3K */
export function compact(value) {
  return value === null || value === undefined ? "–" : short.format(value);
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** 1.5 MiB */
export function bytes(value) {
  if (value === null || value === undefined) return "–";
  let unit = 0;
  let size = value;
  while (Math.abs(size) >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${one.format(size)} ${units[unit]}`;
}

/** A rate with its unit: bytes are told in KiB/s and so on. */
export function rate(value, unit) {
  if (value === null || value === undefined) return "–";
  return unit === "bytes/s" ? `${bytes(value)}/s` : `${compact(value)}${unit && unit.includes("/") ? "/s" : ""}`;
}

/** Milliseconds as 3 d, 4 h, 5 min, 6 s. */
export function duration(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const steps = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1_000, "s"],
  ];
  const [size, name] = steps.find(([step]) => ms >= step);
  return `${one.format(ms / size)} ${name}`;
}

const zone = () => {
  const offset = -new Date().getTimezoneOffset();
  if (offset === 0) return "UTC";
  const sign = offset < 0 ? "−" : "+";
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
  const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
  return `UTC${sign}${hours}:${minutes}`;
};

/** The name of the time zone that times are shown in. */
export const timeZone = zone();

/** 2026-01-31 12:00:00.123 in the browser's zone, see {@link timeZone}; a dash for none. */
export function time(ms) {
  if (ms === null || ms === undefined || ms < 0) return "–";
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  const two = (value) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** "1 topic", "2 topics" */
export function plural(value, word, words = `${word}s`) {
  return `${count(value)} ${value === 1 ? word : words}`;
}

/** ACTIVE → Active, SOURCE_UNAVAILABLE → Source unavailable */
export function words(name) {
  const text = String(name ?? "").replaceAll("_", " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
