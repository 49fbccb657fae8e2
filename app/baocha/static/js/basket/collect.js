// Put hits and paragraphs into the current basket: the button on each, or the key b.

import { announceText, attempt } from "../announce.js";
import { currentUnit } from "../current.js";
import { itemOf, unitId } from "../items.js";
import { onKey } from "../keys.js";
import { t } from "../texts.js";
import { addItems, currentBasket, itemsOf, oneByOne, removeItem } from "./baskets.js";
import { onChange, StoreError } from "./store.js";

// The items of the current basket: report#ordinal → key of the record.
let kept = new Map();

// Show the buttons of new hits, with their present state.
export function collecting(main) {
  for (const button of main.querySelectorAll("button.keep")) {
    button.hidden = false;
    button.addEventListener("click", () => toggleInTurn(button.closest("[data-ordinal]")));
  }
  showKept();
}

export function startCollecting() {
  onKey("b", () => currentUnit() && toggleInTurn(currentUnit()));
  onChange((kind) => (kind === "item" || kind === "basket") && refresh());
  refresh();
}

async function refresh() {
  try {
    const basket = await currentBasket();
    const items = await itemsOf(basket.key);
    kept = new Map(
      items
        .filter(({ value }) => value.kind === "paragraph")
        .map(({ key, value }) => [`${value.report}#${value.ordinal}`, key]),
    );
    document.dispatchEvent(new CustomEvent("baocha:basket", { detail: { basket, items } }));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    document.dispatchEvent(new CustomEvent("baocha:basket", { detail: { error } }));
  }
  showKept();
}

function showKept() {
  for (const button of document.querySelectorAll("button.keep")) {
    const isKept = kept.has(unitId(button.closest("[data-ordinal]")));
    button.textContent = t(isKept ? "kept" : "keep");
    button.classList.toggle("in", isKept);
    button.setAttribute("aria-pressed", isKept);
  }
}

// Items are added in the order in which they were chosen. The server may answer in another order.
const inTurn = oneByOne();
const toggleInTurn = (unit) => attempt(() => inTurn(() => toggle(unit)));

async function toggle(unit) {
  const id = unitId(unit);
  if (kept.has(id)) {
    await removeItem(kept.get(id));
    announceText(t("removed_from_basket"));
    return;
  }
  const item = await itemOf(unit);
  const basket = await currentBasket();
  const added = await addItems(basket.key, [item]);
  announceText(t(added ? "added_to_basket" : "already_in_basket", { name: basket.value.name }));
}

// Add the search of this page to the current basket, with the number of paragraphs that it found.
export function keepSearch(search) {
  return inTurn(async () => {
    const basket = await currentBasket();
    const added = await addItems(basket.key, [search]);
    announceText(t(added ? "search_kept" : "already_in_basket", { name: basket.value.name }));
  });
}
