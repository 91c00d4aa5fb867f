// Lines over time.

import { fill, h, svg } from "../lib/dom.js";
import { rate, time } from "../lib/format.js";

const width = 600;
const height = 128;
const margin = { left: 2, right: 2, top: 4, bottom: 4 };

/**
 * A chart of series `{name, label, unit, values}` that end at `end_ms`, `step_ms` apart; null is a gap.
 * Returns `{element, show(answer)}`, where answer is that of `…/time-series`.
 */
export function chart(title, names) {
  const picture = svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img" });
  const top = h("span", { class: "soft chart-top" });
  const legend = h("div", { class: "legend" });
  const element = h("section", { class: "card", "aria-label": title }, h("div", { class: "card-head" }, h("h2", {}, title)), picture, legend);

  function show(answer) {
    const found = names
      .map(({ name, label }) => ({ label, ...answer.series.find((series) => series.name === name) }))
      .filter((series) => series.values);
    const peak = Math.max(1e-9, ...found.flatMap((series) => series.values.map((value) => value ?? 0)));
    const unit = found[0]?.unit ?? "";
    top.textContent = peak > 1e-8 ? `at most ${rate(peak, unit)}` : "";
    fill(picture, gridLines(), found.map((series, index) => line(series.values, peak, index)));
    const first = answer.end_ms - answer.step_ms * Math.max(0, (found[0]?.values.length ?? 1) - 1);
    picture.setAttribute("aria-label", summary(title, found, first, answer.end_ms));
    fill(
      legend,
      found.map((series, index) =>
        h(
          "span",
          {},
          h("span", { class: "swatch", style: { background: colour(index) } }),
          `${series.label} `,
          h("strong", { dataset: { series: series.name } }, rate(last(series.values), series.unit)),
        ),
      ),
      h("span", {}, `since ${time(first).slice(11, 19)}`),
    );
  }

  show({ step_ms: 1_000, end_ms: Date.now(), series: names.map(({ name }) => ({ name, values: [] })) });
  return { element, show };
}

const colour = (index) => `var(--chart-${(index % 4) + 1})`;

const last = (values) => (values.length ? values[values.length - 1] : null);

function summary(title, found, from, to) {
  const parts = found.map((series) => `${series.label} now ${rate(last(series.values), series.unit)}`);
  return `${title}, ${time(from).slice(11, 19)} to ${time(to).slice(11, 19)}: ${parts.join(", ") || "no numbers yet"}`;
}

function gridLines() {
  const bottom = height - margin.bottom;
  return [
    svg("line", { class: "grid-line", x1: 0, x2: width, y1: bottom, y2: bottom }),
    svg("line", { class: "grid-line", x1: 0, x2: width, y1: margin.top, y2: margin.top }),
  ];
}

function line(values, peak, index) {
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const step = inner.width / Math.max(1, values.length - 1);
  let path = "";
  let isDrawing = false;
  values.forEach((value, place) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    const x = (margin.left + place * step).toFixed(1);
    const y = (margin.top + inner.height * (1 - value / peak)).toFixed(1);
    path += `${isDrawing ? "L" : "M"}${x} ${y}`;
    isDrawing = true;
  });
  return svg("path", {
    d: path,
    fill: "none",
    stroke: colour(index),
    "stroke-width": 2,
    "stroke-linejoin": "round",
    "vector-effect": "non-scaling-stroke",
  });
}
