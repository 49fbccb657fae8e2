// Earlier searches, and saved searches with what is new since the reader last looked.

import { attempt } from "./announce.js";
import { hash } from "./basket/baskets.js";
import { change, list, StoreError } from "./basket/store.js";
import { element } from "./element.js";
import { t } from "./texts.js";

const KEPT = 200; // earlier searches
const MAX_SAVED = 200;
const { base } = document.documentElement.dataset;

function searchOf(main) {
  const found = main.querySelector("[data-search]")?.dataset;
  return (
    found && { search: found.search, total: Number(found.total), generation: found.generation }
  );
}

// Remember the search of this page, and offer to save it. Called for each page.
export async function remembering(main) {
  const found = searchOf(main);
  const button = document.querySelector(".save-search");
  button.hidden = !found;
  if (!found) return;
  const key = hash(found.search);
  await attempt(async () => {
    const visits = await list("visit");
    const old = visits.sort((a, b) => a.value.at.localeCompare(b.value.at)).slice(0, -KEPT);
    await change([
      { kind: "visit", key, value: { ...found, at: new Date().toISOString() } },
      ...old.map((visit) => ({ kind: "visit", key: visit.key, value: null })),
    ]);
    const isSaved = (await list("saved", key)).length > 0;
    button.onclick = () => attempt(() => save(key, found, button));
    if (!isSaved) button.textContent = t("save_search");
    // The reader sees the results now, so they are no longer new.
    if (isSaved) await save(key, found, button);
  });
}

async function save(key, found, button) {
  const saved = await list("saved");
  if (saved.length >= MAX_SAVED && !saved.some((one) => one.key === key)) {
    throw new StoreError(t("saved_full", { count: MAX_SAVED }));
  }
  const seen = await matches(found.search);
  const created = saved.find((one) => one.key === key)?.value.created ?? new Date().toISOString();
  const value = { search: found.search, created, seen: summary(seen) };
  await change([{ kind: "saved", key, value }]);
  button.textContent = t("search_saved");
}

async function matches(search) {
  const answer = await fetch(`${base}searches/matches?${search}`).catch(() => null);
  if (!answer?.ok) throw new StoreError(t("store_unreachable"));
  return answer.json();
}

function summary({ generation, total, reports }) {
  return {
    generation,
    total,
    reports: Object.fromEntries(reports.map(({ id, version }) => [id, version])),
  };
}

// Fill in the page of searches.
export async function searches(main) {
  const page = main.querySelector(".searches");
  if (!page) return;
  page.hidden = false;
  page.querySelector(".clear").addEventListener("click", () =>
    attempt(async () => {
      const visits = await list("visit");
      await change(visits.map(({ key }) => ({ kind: "visit", key, value: null })));
      await draw(page);
    }),
  );
  await attempt(() => draw(page));
}

async function draw(page) {
  const visits = (await list("visit")).sort((a, b) => b.value.at.localeCompare(a.value.at));
  page.querySelector(".none-recent").hidden = visits.length > 0;
  page.querySelector(".clear").hidden = visits.length === 0;
  page.querySelector(".recent").replaceChildren(
    ...visits.map(({ value }) =>
      element(
        "li",
        {},
        linkTo(value.search),
        element("span", {
          class: "soft small",
          text: ` ${t("found_then", { count: value.total, when: day(value.at) })}`,
        }),
      ),
    ),
  );
  const saved = (await list("saved")).sort((a, b) =>
    b.value.created.localeCompare(a.value.created),
  );
  page.querySelector(".none-saved").hidden = saved.length > 0;
  const items = saved.map((record) => savedItem(page, record));
  page.querySelector(".saved").replaceChildren(...items);
  // One after the other, because each is a search on the server.
  for (const [at, { value }] of saved.entries()) {
    const news = items[at].querySelector(".news");
    if (value.seen.generation === page.dataset.generation) news.textContent = t("nothing_new");
    else await attempt(async () => showNews(items[at], value, await matches(value.search)));
  }
}

function savedItem(page, { key, value }) {
  const remove = element("button", {
    type: "button",
    class: "quiet",
    "aria-label": t("remove_search"),
    text: "×",
  });
  remove.addEventListener("click", () =>
    attempt(async () => {
      await change([{ kind: "saved", key, value: null }]);
      await draw(page);
    }),
  );
  return element(
    "li",
    {},
    linkTo(value.search),
    " ",
    element("span", { class: "news soft small" }),
    remove,
  );
}

function showNews(item, { seen }, now) {
  const changed = now.reports.filter(({ id, version }) => seen.reports[id] !== version);
  const here = new Set(now.reports.map(({ id }) => id));
  const gone = now.cut ? 0 : Object.keys(seen.reports).filter((id) => !here.has(id)).length;
  const news = item.querySelector(".news");
  if (!changed.length && !gone) {
    news.textContent = t("nothing_new");
    return;
  }
  news.classList.replace("soft", "none");
  const parts = [t("total_change", { before: seen.total, after: now.total })];
  if (changed.length) parts.push(t("new_reports", { count: changed.length }));
  if (gone) parts.push(t("gone_reports", { count: gone }));
  news.textContent = parts.join(" · ");
  const query = new URLSearchParams(item.querySelector("a").search);
  item.append(
    element(
      "ul",
      {},
      ...changed.slice(0, 10).map(({ id, title, count }) => {
        const link = element("a", {
          href: `${base}reports/${encodeURIComponent(id)}?${query}`,
          text: title,
        });
        return element("li", {}, link, ` ${count}`);
      }),
    ),
  );
}

function linkTo(search) {
  const parameters = new URLSearchParams(search);
  const filters = [...parameters].filter(
    ([name]) => !["q", "mode", "sort", "by", "size", "expand"].includes(name),
  );
  const text = [parameters.get("q"), ...filters.map(([, value]) => value)].join(" · ");
  return element("a", { href: `${base}?${search}`, text });
}

const day = (iso) =>
  new Date(iso).toLocaleString(document.documentElement.lang, {
    dateStyle: "short",
    timeStyle: "short",
  });
