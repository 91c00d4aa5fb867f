export function exchangeButtons() {
  return { elements: [], importer: document.createElement("button"), update() {} };
}
