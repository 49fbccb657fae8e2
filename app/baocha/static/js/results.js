// The results: n and p go from hit to hit, the mode is applied at once, and the way back from a
// report leads to the hit that was opened.

import { currentUnit, setCurrent } from "./current.js";
import { onKey } from "./keys.js";

export function results(main) {
  const hits = [...main.querySelectorAll(".hit")];
  const back = main.querySelector("a.back");
  const paragraph = /^#p(\d+)$/.exec(location.hash);
  if (back && paragraph) back.hash = `hit-${back.dataset.report}-${paragraph[1]}`;
  if (!hits.length) return;

  function step(by) {
    const at = hits.indexOf(currentUnit());
    const next = hits[at < 0 ? (by > 0 ? 0 : hits.length - 1) : at + by];
    if (!next) return;
    setCurrent(next);
    next.querySelector("h2 a").focus({ preventScroll: true });
  }
  onKey("n", () => step(1));
  onKey("p", () => step(-1));
}

// A chosen mode is searched at once; the form asks for it too when scripts are off.
export function modes() {
  const form = document.querySelector(".search");
  for (const radio of form.querySelectorAll("[name=mode]")) {
    radio.addEventListener("change", () => {
      if (form.elements.q.value.trim()) form.requestSubmit();
    });
  }
}
