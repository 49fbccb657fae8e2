// The original beside the text: the image of the page that is being read, with the boxes of its
// matches, or the web page that the report came from. The key o shows and hides it.

import { currentUnit } from "./current.js";
import { onKey, store, stored } from "./keys.js";

const OPEN = "baocha-original";
const SVG = "http://www.w3.org/2000/svg";

export function original(main) {
  const pane = main.querySelector(".original");
  if (!pane) return;
  const grid = main.querySelector(".reading");
  const view = pane.querySelector("div");
  const openers = main.querySelectorAll(".show-original");
  const show = pane.dataset.image ? pages(main, pane, view) : webPage(pane, view);

  function toggle(open = pane.hidden) {
    pane.hidden = !open;
    grid.classList.toggle("with-original", open);
    store(OPEN, open ? "1" : "");
    for (const opener of openers) opener.setAttribute("aria-expanded", open);
    // The width of the text has changed: scroll back to the current paragraph.
    currentUnit()?.scrollIntoView({ block: "center" });
    if (open) show();
  }
  for (const opener of openers) {
    opener.hidden = false;
    opener.addEventListener("click", () => toggle());
  }
  pane.querySelector(".close").addEventListener("click", () => toggle(false));
  onKey("o", () => toggle());
  toggle(stored(OPEN) === "1");
}

function webPage(pane, view) {
  const frame = document.createElement("iframe");
  frame.title = pane.getAttribute("aria-label");
  return () => {
    if (!frame.src) {
      frame.src = pane.dataset.frame + (currentUnit() ? `#${currentUnit().id}` : location.hash);
      view.append(frame);
    }
  };
}

function pages(main, pane, view) {
  const units = [...main.querySelectorAll("[data-ordinal][data-page]")];
  const total = Number(pane.dataset.pages);
  const label = pane.querySelector(".page-number");
  let shown = 0;

  async function show(page) {
    if (pane.hidden || page === shown || page < 1 || page > total) return;
    shown = page;
    label.textContent = label.dataset.text.replace("{page}", page).replace("{pages}", total);
    for (const button of pane.querySelectorAll("[data-by]")) {
      const next = page + Number(button.dataset.by);
      button.disabled = next < 1 || next > total;
    }
    const address = pane.dataset.image.replace(/\/0\.png/, `/${page}.png`);
    const answer = await fetch(address).catch(() => null);
    if (page !== shown) return; // another page was asked for
    if (!answer?.ok) {
      view.textContent = answer ? pane.dataset.missing : pane.dataset.unreachable;
      return;
    }
    const figure = document.createElement("figure");
    const image = new Image();
    image.alt = label.textContent;
    image.addEventListener("load", () =>
      drawBoxes(figure, image, answer.headers.get("X-Scale"), page),
    );
    image.src = address;
    figure.append(image);
    view.replaceChildren(figure);
    view.scrollTop = 0;
  }

  // Boxes are in points from the top left corner; the image has `scale` pixels a point.
  function drawBoxes(figure, image, scale, page) {
    figure.querySelector("svg")?.remove();
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${image.naturalWidth / scale} ${image.naturalHeight / scale}`);
    const marked = units.filter((unit) => unit.querySelector("mark") || unit === currentUnit());
    for (const unit of marked) {
      for (const [at, left, top, right, bottom] of JSON.parse(unit.dataset.boxes ?? "[]")) {
        if (at !== page) continue;
        const box = document.createElementNS(SVG, "rect");
        const sizes = {
          x: left - 2,
          y: top - 2,
          width: right - left + 4,
          height: bottom - top + 4,
        };
        for (const [name, value] of Object.entries(sizes)) box.setAttribute(name, value);
        svg.append(box);
        if (unit === currentUnit()) {
          view.scrollTop =
            (top * scale * image.clientWidth) / image.naturalWidth - view.clientHeight / 3;
        }
      }
    }
    figure.append(svg);
  }

  // Show the page of the current paragraph if it is in the window, otherwise of the paragraph at a line.
  // The line moves from the top to the bottom of the window as the reader scrolls through the text.
  function follow() {
    if (!pane.isConnected) return removeEventListener("scroll", follow);
    const current = currentUnit();
    const { top, bottom } = current?.getBoundingClientRect() ?? {};
    const isInView = current?.dataset.page && bottom > 0 && top < innerHeight;
    const length = document.documentElement.scrollHeight - innerHeight;
    const line = innerHeight * (scrollY / Math.max(1, length));
    const atLine = (unit) => unit.getBoundingClientRect().bottom > line;
    const read = isInView ? current : (units.find(atLine) ?? units.at(-1));
    if (read) show(Number(read.dataset.page));
  }
  addEventListener("scroll", follow, { passive: true });
  document.addEventListener("baocha:current", (event) => {
    if (!event.detail?.dataset.page || !pane.isConnected) return;
    const page = Number(event.detail.dataset.page);
    const image = view.querySelector("img");
    if (page === shown && image?.complete) image.dispatchEvent(new Event("load"));
    else show(page);
  });
  for (const button of pane.querySelectorAll("[data-by]")) {
    button.addEventListener("click", () => show(shown + Number(button.dataset.by)));
  }
  return () => {
    shown = 0;
    follow();
  };
}
