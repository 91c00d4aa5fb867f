// Several steps to one thing. What was typed stays, whichever way one goes.

import { fill, h, stylesheet, uniqueID } from "../lib/dom.js";
import { check, clearProblem, showProblems, values } from "./form.js";
import { notice } from "./states.js";

/** What a step may throw: `problems` are `[field name, text]`. */
export class Unfit extends Error {
  constructor(problems) {
    super(problems.map(([, text]) => text).join(" "));
    this.problems = problems;
  }
}

/**
 * A wizard. `steps` are `{name, title, body, enter(values), leave(values)}`: `enter` is called when the step is shown,
 * `leave` before the next one is, and may throw ({@link Unfit} or any Error) to stay. `finish(values)` is called at the
 * end and may throw too. `cancel` is an address.
 */
export function wizard({ label, steps, finishLabel, finish, cancel }) {
  const styled = stylesheet(import.meta.url, "./wizard.css");
  const state = { index: 0, furthest: 0, isBusy: false };
  const list = h("ol", { class: "steps" });
  const error = h("div", { role: "alert" });
  const back = h("button", { class: "button", type: "button" }, "Back");
  const next = h("button", { class: "button primary", type: "submit" });
  const panels = steps.map((step) => panel(step));
  const actions = h("div", { class: "row wizard-actions" }, h("a", { class: "button quiet", href: cancel }, "Cancel"), back, next);
  const element = h("form", { class: "wizard", novalidate: true, "aria-label": label }, list, h("div", { class: "card" }, panels, error, actions));

  function show(index, { focus = true } = {}) {
    state.index = index;
    state.furthest = Math.max(state.furthest, index);
    fill(error);
    panels.forEach((item, place) => (item.hidden = place !== index));
    steps[index].enter?.(values(element));
    back.hidden = index === 0;
    next.textContent = index === steps.length - 1 ? finishLabel : "Continue";
    fill(list, steps.map((step, place) => marker(step, place)));
    element.dataset.step = steps[index].name;
    if (focus) panels[index].querySelector("h2").focus();
  }

  function marker(step, place) {
    const isHere = place === state.index;
    const isOpen = place <= state.furthest && !isHere;
    const text = [h("span", { class: "step-number" }, place + 1), h("span", {}, step.title)];
    const content = isOpen ? h("button", { class: "step", type: "button", onclick: () => go(place) }, text) : h("span", { class: "step" }, text);
    return h("li", { "aria-current": isHere ? "step" : null, class: place < state.index ? "done" : "" }, content);
  }

  /** Forward only past steps that are fit. */
  async function go(target) {
    if (state.isBusy) return;
    state.isBusy = true;
    next.disabled = true;
    fill(error);
    try {
      for (let index = state.index; index < target; index += 1) {
        if (index !== state.index) show(index, { focus: false });
        if (!check(panels[index])) return;
        await steps[index].leave?.(values(element));
      }
      if (target === steps.length) await finish(values(element));
      else show(target);
    } catch (problem) {
      const rest = problem instanceof Unfit ? showProblems(panels[state.index], problem.problems) : [problem.message];
      if (rest.length) fill(error, notice("bad", rest.map((text) => h("p", {}, text))));
    } finally {
      state.isBusy = false;
      next.disabled = false;
    }
  }

  element.addEventListener("input", (event) => clearProblem(event.target));
  back.addEventListener("click", () => go(state.index - 1));
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    go(state.index + 1);
  });
  show(0, { focus: false });
  return { element, styled, show: (name) => show(steps.findIndex((step) => step.name === name)) };
}

function panel(step) {
  const id = uniqueID("step");
  return h(
    "fieldset",
    { class: "wizard-panel", "aria-labelledby": id, dataset: { panel: step.name } },
    h("h2", { id, tabindex: "-1" }, step.title),
    step.body,
  );
}
