// The basket beside the results: the collected items, and the link to the working paper.

import { attempt } from "../announce.js";
import { element } from "../element.js";
import { t } from "../texts.js";
import { baskets, choose, createBasket, day, removeItem } from "./baskets.js";
import { keepSearch } from "./collect.js";

const SHOWN = 50;

export function panel() {
  const aside = document.querySelector("#basket");
  const button = document.querySelector(".show-basket");
  const tally = button?.querySelector(".tally");
  if (!aside) return;
  const page = aside.querySelector("a.paper");
  button.hidden = false;

  // Beside the results, the panel is a column. On other pages and in narrow windows, the button opens it
  // above the page. If it is a column, the button leads to the page of the working paper.
  function layOut() {
    const isColumn = document.querySelector("main [data-search]") && innerWidth >= 1200;
    aside.classList.toggle("column", Boolean(isColumn));
  }
  button.addEventListener("click", () => {
    if (aside.togglePopover && !aside.classList.contains("column")) aside.togglePopover();
    else location.assign(page.href);
  });
  aside.querySelector(".close").addEventListener("click", () => aside.hidePopover());
  addEventListener("resize", layOut);
  document.addEventListener("baocha:page", layOut);
  layOut();

  document.addEventListener("baocha:basket", async ({ detail }) => {
    aside.querySelector(".problem").textContent = detail.error?.message ?? "";
    if (detail.error) return;
    const { basket, items } = detail;
    tally.textContent = items.length || "";
    page.search = new URLSearchParams({ ...languageOf(page), basket: basket.key });
    attempt(() => fillChoice(aside.querySelector("select"), basket.key));
    aside.querySelector(".hint").hidden = items.length > 0;
    aside.querySelector(".sum").textContent = sumOf(items);
    const shown = items.slice(-SHOWN);
    const list = aside.querySelector("ol");
    list.start = items.length - shown.length + 1;
    list.replaceChildren(...shown.map(entry));
  });

  aside.querySelector("select").addEventListener("change", async (event) => {
    if (event.target.value) choose(event.target.value);
    else await attempt(() => createBasket(t("basket_next_name", { day: day() })));
    refresh();
  });
  aside
    .querySelector(".keep-search")
    .addEventListener("click", () => attempt(() => keepSearch(searchOfPage())));
  document.addEventListener("baocha:page", () => {
    aside.querySelector(".keep-search").hidden = !document.querySelector("[data-search]");
  });
  aside.querySelector(".keep-search").hidden = !document.querySelector("[data-search]");
}

const refresh = () =>
  document.dispatchEvent(new CustomEvent("baocha:records", { detail: "basket" }));

function languageOf(link) {
  const lang = new URLSearchParams(link.search).get("lang");
  return lang ? { lang } : {};
}

function searchOfPage() {
  const { search, total, generation } = document.querySelector("[data-search]").dataset;
  const added = new Date().toISOString();
  return { kind: "search", search, total: Number(total), generation, added };
}

async function fillChoice(select, current) {
  const found = await baskets();
  const options = found.map(({ key, value }) => {
    const option = element("option", { value: key, text: value.name });
    option.selected = key === current;
    return option;
  });
  select.replaceChildren(...options, element("option", { value: "", text: t("basket_new") }));
}

export function sumOf(items) {
  const counts = ["supports", "doubtful", "irrelevant"]
    .map((verdict) => [verdict, items.filter(({ value }) => value.verdict === verdict).length])
    .filter(([, count]) => count)
    .map(([verdict, count]) => `${count} ${t(`verdict_${verdict}`)}`);
  return [t("basket_count", { count: items.length }), ...counts].join(" · ");
}

function entry({ key, value }) {
  const remove = element("button", {
    type: "button",
    class: "quiet remove",
    "aria-label": t("remove_item"),
    text: "×",
  });
  remove.addEventListener("click", () => attempt(() => removeItem(key)));
  const [text, where] = describe(value);
  const small = element("p", { class: "meta" }, where);
  if (value.verdict) {
    small.append(" · ", element("span", { class: "verdict", text: t(`verdict_${value.verdict}`) }));
  }
  const item = element("li", {}, element("p", { text }), small, remove);
  if (value.note) item.insertBefore(element("p", { class: "soft", text: value.note }), remove);
  return item;
}

// Return the text of an item, shortened, and its place.
export function describe(value) {
  if (value.kind === "search") {
    const query = new URLSearchParams(value.search).get("q") ?? "";
    return [t("search_item", { query, count: value.total }), t("search_item_link")];
  }
  const text = [...value.text];
  const place = [
    value.department ?? value.title,
    value.year,
    value.page && t("source_page", value),
  ];
  return [
    text.slice(0, 60).join("") + (text.length > 60 ? "……" : ""),
    place.filter(Boolean).join(" · "),
  ];
}
