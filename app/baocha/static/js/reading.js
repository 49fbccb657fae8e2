// The reading view: go from match to match, mark the current section, show where the matches are.

import { collecting } from "./basket/collect.js";
import { copying } from "./copying.js";
import { setCurrent, UNITS } from "./current.js";
import { element } from "./element.js";
import { onKey } from "./keys.js";

export function reading(main) {
  const article = main.querySelector("article[data-report]");
  if (!article) return;
  const marks = [...article.querySelectorAll("mark")];
  actions(main, article);
  steps(main, marks);
  ticks(main, marks);
  sections(main, article);
  const follow = () => {
    const target = /^#p\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (target) setCurrent(target, { scroll: false });
  };
  addEventListener("hashchange", () => article.isConnected && follow());
  follow();
}

function steps(main, marks) {
  const bar = main.querySelector(".outline .steps");
  if (!bar || !marks.length) return; // in a long report, they may be in another part
  const count = bar.querySelector(".step-count");
  bar.querySelector(".to-first").hidden = true;
  let at = -1;

  function show(index, scroll = true) {
    marks[at]?.classList.remove("here");
    at = (index + marks.length) % marks.length;
    marks[at].classList.add("here");
    count.textContent = `${at + 1} / ${marks.length}`;
    setCurrent(marks[at].closest(UNITS), { scroll: false });
    if (scroll) marks[at].scrollIntoView({ block: "center" });
  }
  const step = (by) => show(at < 0 ? (by > 0 ? 0 : -1) : at + by);

  // After a link to a paragraph, continue from that paragraph.
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  const first = target ? marks.findIndex((mark) => target.contains(mark)) : -1;
  if (first >= 0) show(first, false);

  for (const button of bar.querySelectorAll("button.step")) {
    button.hidden = false;
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  onKey("n", () => step(1));
  onKey("p", () => step(-1));
}

// The actions of the current paragraph: one row of buttons that moves from paragraph to paragraph.
function actions(main, article) {
  const bar = main.querySelector(".unit-actions").content.cloneNode(true).firstElementChild;
  document.addEventListener("baocha:current", ({ detail: unit }) => {
    if (!unit || !article.contains(unit)) return;
    const isNew = !bar.isConnected;
    (unit.querySelector("td:last-child") ?? unit).append(bar);
    bar.querySelector("a").href = unit.querySelector(".ordinal").href;
    if (isNew) copying(unit);
    collecting(isNew ? unit : document.createElement("div"));
  });
}

// Draw a tick beside the scroll bar for each place with a match.
function ticks(main, marks) {
  if (!marks.length) return;
  const strip = element("div", { class: "ticks", "aria-hidden": "true" });
  main.append(strip);
  function draw() {
    const height = document.documentElement.scrollHeight;
    const places = marks.map((mark) => (mark.getBoundingClientRect().top + scrollY) / height);
    const shown = [...new Set(places.map((place) => place.toFixed(3)))];
    strip.replaceChildren(
      ...shown.map((place) => {
        const tick = element("i");
        tick.style.top = `${place * 100}%`;
        return tick;
      }),
    );
  }
  new ResizeObserver(draw).observe(document.body);
}

// Mark the section that is being read in the outline.
function sections(main, article) {
  const links = new Map();
  for (const link of main.querySelectorAll(".outline li a")) {
    const heading = article.querySelector(`[id="${link.hash.slice(1)}"]`);
    if (heading && !link.search.includes("at=")) links.set(heading, link);
  }
  const headings = [...links.keys()];
  function mark() {
    if (!article.isConnected) return removeEventListener("scroll", mark);
    const here = headings.findLast((heading) => heading.getBoundingClientRect().top < 120);
    for (const [heading, link] of links) {
      if (heading === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
  addEventListener("scroll", mark, { passive: true });
  mark();
}
