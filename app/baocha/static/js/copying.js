// Copy a quote with its source: of a hit, of a paragraph, or of what is selected in a paragraph, as
// text and as HTML, so that Word keeps the marks bold. Over plain HTTP, as on many intranets,
// browsers have no navigator.clipboard; `execCommand` still works there.

import { announceText, attempt } from "./announce.js";
import { currentUnit, UNITS } from "./current.js";
import { element } from "./element.js";
import { itemOf } from "./items.js";
import { onKey, stored } from "./keys.js";
import { withSpans } from "./spans.js";
import { t } from "./texts.js";

export function copying(main) {
  for (const button of main.querySelectorAll("button.copies")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const code = button.closest(".code")?.querySelector("code");
      if (code) copy(code.textContent, element("code", { text: code.textContent }));
      else attempt(() => copyQuote(button.closest("[data-ordinal]")));
    });
  }
  onKey("c", () => attempt(() => copyQuote(selectedUnit() ?? currentUnit())));
}

// Return the paragraph in which the selection begins, or undefined.
function selectedUnit() {
  const selection = getSelection();
  const node = selection.isCollapsed ? null : selection.getRangeAt(0).startContainer;
  const inside = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  return inside?.closest?.(UNITS) ?? undefined;
}

export async function copyQuote(unit) {
  if (!unit) return;
  const { head, reference } = (unit.closest("article[data-report]") ?? unit).dataset;
  const { where, page } = unit.dataset;
  const isReference = stored("baocha-citation") === "gb7714";
  const source = isReference
    ? page
      ? reference.replace(/\.$/, `: ${page}.`)
      : reference
    : t("in_brackets", { text: head + where });
  const quote = await quoteOf(unit);
  const text = `“${quote.textContent}”${source}`;
  copy(text, element("p", {}, "“", quote, `”${source}`));
}

// Return the quoted text as an element, with its marks in <b>.
async function quoteOf(unit) {
  const quote = element("span");
  if (selectedUnit() === unit) {
    quote.textContent = getSelection().toString().trim();
    return quote;
  }
  if (unit.dataset.text !== undefined) {
    quote.append(...withSpans(unit.dataset.text, JSON.parse(unit.dataset.spans), "b"));
    return quote;
  }
  const shown = unit.querySelector("[data-quote]");
  if (!shown) {
    // The page does not have the text of a very long paragraph. It is fetched, and copied without marks.
    quote.textContent = (await itemOf(unit)).text;
    return quote;
  }
  for (const node of shown.childNodes) {
    const isMark = node.nodeName === "MARK";
    quote.append(isMark ? element("b", { text: node.textContent }) : node.textContent);
  }
  return quote;
}

async function copy(text, html) {
  const done = (await modern(text, html.outerHTML)) || old(text, html.outerHTML);
  announceText(t(done ? "text_copied" : "not_copied"), !done);
}

async function modern(text, html) {
  if (!navigator.clipboard?.write) return false;
  const blob = (type, content) => new Blob([content], { type });
  try {
    const both = { "text/plain": blob("text/plain", text), "text/html": blob("text/html", html) };
    await navigator.clipboard.write([new ClipboardItem(both)]);
    return true;
  } catch {
    return false; // not permitted, but `execCommand` may be
  }
}

function old(text, html) {
  const fill = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", html);
  };
  document.addEventListener("copy", fill, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return done;
}
