// Short messages after an action, at the bottom of the page, which screen readers speak.

import { StoreError } from "./basket/store.js";

let timer = 0;

// Do something that may fail, and tell the reader if it does.
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    announceText(error.message, true);
  }
}

export function announceText(text, isError = false) {
  const place = document.querySelector(".announced");
  place.textContent = text;
  place.classList.toggle("none", isError);
  place.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => place.classList.remove("shown"), isError ? 12000 : 4000);
}
