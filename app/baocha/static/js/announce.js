// Short messages after an action, at the bottom of the page. Screen readers speak them.

import { StoreError } from "./basket/store.js";
import { element } from "./element.js";

let timer = 0;

// Run an action. If it fails with a StoreError, show its message.
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    announceText(error.message, true);
  }
}

export function announceText(text, isError = false) {
  show(isError, text);
  timer = setTimeout(hide, isError ? 12000 : 4000);
}

// Show a text and a bar if the work takes longer than a moment. Call the returned function at its end.
export function announceWork(text) {
  const waiting = setTimeout(
    () => show(false, text, element("progress", { "aria-label": text })),
    400,
  );
  return () => {
    clearTimeout(waiting);
    if (document.querySelector(".announced progress")) hide();
  };
}

function show(isError, ...content) {
  const place = document.querySelector(".announced");
  place.replaceChildren(...content);
  place.classList.toggle("none", isError);
  place.classList.add("shown");
  clearTimeout(timer);
}

function hide() {
  const place = document.querySelector(".announced");
  place.classList.remove("shown");
  place.replaceChildren();
}
