// Step through the matches of a report, with the buttons or n and p: 3 / 17.

import { areOff } from "./keys.js";

export function stepping(main) {
  const bar = main.querySelector(".steps");
  const buttons = bar?.querySelectorAll("button.step") ?? [];
  const marks = [...main.querySelectorAll("article mark")];
  if (!buttons.length || !marks.length) return; // in a long report, they may be in another part
  const count = bar.querySelector(".step-count");
  bar.querySelector(".to-first").hidden = true;
  let current = -1;

  // After a link to a paragraph, continue from that paragraph.
  function follow() {
    const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
    const first = target ? marks.findIndex((mark) => target.contains(mark)) : -1;
    if (first >= 0) show(first, false);
  }
  follow();
  addEventListener("hashchange", follow);

  function show(index, scroll = true) {
    marks[current]?.classList.remove("here");
    current = (index + marks.length) % marks.length;
    marks[current].classList.add("here");
    count.textContent = `${current + 1} / ${marks.length}`;
    if (scroll) marks[current].scrollIntoView({ block: "center" });
  }

  function step(by) {
    show(current < 0 ? (by > 0 ? 0 : -1) : current + by);
  }

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  document.addEventListener("keydown", (event) => {
    if (!bar.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select") || areOff()) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
  });
}
