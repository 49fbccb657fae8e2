// Shortcuts with a single key. They can be turned off in the list of keys, as WCAG 2.2 (2.1.4) requires.

import { element } from "./element.js";

const OFF = "baocha-no-keys";
const actions = new Map();
const INPUTS = "input, textarea, select, [contenteditable]";

// Call `action` when a key is pressed outside of a field. A later action replaces an earlier one.
export function onKey(key, action) {
  actions.set(key, action);
}

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.(INPUTS) || document.querySelector("dialog[open]") || areOff())
      return;
    const action = actions.get(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  });
  const button = document.querySelector(".show-keys");
  button.hidden = false;
  button.addEventListener("click", () => showKeys(button));
  onKey("?", () => showKeys(button));
}

// Show the list of keys, with the switch that turns them off.
function showKeys(button) {
  document.querySelector("dialog.keys")?.remove();
  const box = element("input", { type: "checkbox" });
  box.checked = !areOff();
  box.addEventListener("change", () => store(OFF, box.checked ? "" : "1"));
  const rows = JSON.parse(button.dataset.keys).map(([key, meaning]) =>
    element(
      "tr",
      {},
      element("td", {}, element("kbd", { text: key })),
      element("td", { text: meaning }),
    ),
  );
  const close = element("button", { type: "button", text: button.dataset.close });
  const dialog = element(
    "dialog",
    { class: "keys", "aria-label": button.textContent },
    element("table", {}, element("tbody", {}, ...rows)),
    element("p", {}, element("label", {}, box, ` ${button.dataset.on}`)),
    close,
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function areOff() {
  return stored(OFF) !== null;
}

// If storage is disabled, the browser throws an error and the choice is not saved.
export function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function store(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    return;
  }
}
