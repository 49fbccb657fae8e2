// Baskets: named lists of paragraphs and searches for a working paper. One of them is the current
// one, to which paragraphs are added.

import { store, stored } from "../keys.js";
import { t } from "../texts.js";
import { change, list, StoreError } from "./store.js";

const CURRENT = "baocha-basket";
const { base } = document.documentElement.dataset;
export const MAX_ITEMS = 5000;
const MAX_MEGABYTES = 32; // what the server accepts
export const VERDICTS = ["", "supports", "doubtful", "irrelevant"];
export const FIELDS = [
  "number",
  "auditee",
  "subject",
  "prepared_by",
  "prepared_on",
  "reviewed_by",
  "reviewed_on",
];

// A short text for a key, the same for the same text (FNV-1a, 64 bits).
export function hash(text) {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(36);
}

// Items with the same key are the same: the same text in the same report, or the same search.
export function keyOf(item) {
  if (item.kind === "search") return `search-${hash(item.search)}`;
  return `${item.report}-${hash(item.text)}`;
}

// Return all baskets, the newest last: [{ key, value: { name, fields, created } }].
export async function baskets() {
  const found = await list("basket");
  return found.sort((a, b) => a.value.created.localeCompare(b.value.created));
}

// Call functions one after the other: each waits for the one before it.
export function oneByOne() {
  let last = Promise.resolve();
  return (action) => {
    const result = last.then(action);
    last = result.catch(() => {});
    return result;
  };
}

// Return the basket that paragraphs are added to. Make one if no basket exists; two calls at the
// same time would otherwise make two.
const findInTurn = oneByOne();
export function currentBasket() {
  return findInTurn(async () => {
    const found = await baskets();
    const chosen = found.find(({ key }) => key === stored(CURRENT)) ?? found.at(-1);
    return chosen ?? createBasket(t("basket_first_name"));
  });
}

export function choose(key) {
  store(CURRENT, key);
}

// Without fields, those of the newest basket that stay the same are taken, and the day is today.
export async function createBasket(name, fields = null) {
  const created = new Date().toISOString();
  const basket = {
    key: `b${hash(created + Math.random())}`,
    value: { name, fields: fields ?? (await usualFields()), created },
  };
  await change([{ kind: "basket", ...basket }]);
  choose(basket.key);
  return basket;
}

async function usualFields() {
  const { auditee, prepared_by, reviewed_by } = (await baskets()).at(-1)?.value.fields ?? {};
  return { auditee, prepared_by, reviewed_by, prepared_on: day() };
}

export const day = () => new Date().toLocaleDateString("sv-SE"); // 2026-11-29, in local time

// Delete a basket with all of its items.
export async function deleteBasket(key) {
  const items = await list("item", `${key}~`);
  await change([
    ...items.map((item) => ({ kind: "item", key: item.key, value: null })),
    { kind: "basket", key, value: null },
  ]);
}

// Return the items of a basket in order: [{ key, value }].
export async function itemsOf(basket) {
  const items = await list("item", `${basket}~`);
  return items.sort((a, b) => a.value.position - b.value.position);
}

// Add items in order. Return how many were new: an item that is there already is left as it is.
// One addition waits for the one before it, or both would get the same position.
const addInTurn = oneByOne();
export function addItems(basket, items) {
  return addInTurn(() => add(basket, items));
}

async function add(basket, items) {
  const existing = await itemsOf(basket);
  const keys = new Set(existing.map(({ key }) => key));
  let position = (existing.at(-1)?.value.position ?? 0) + 1;
  const added = [];
  for (const item of items) {
    const key = `${basket}~${keyOf(item)}`;
    if (keys.has(key)) continue;
    keys.add(key);
    added.push({
      kind: "item",
      key,
      value: { note: "", verdict: "", ...item, position: position++ },
    });
  }
  if (keys.size > MAX_ITEMS) throw new StoreError(t("basket_full", { count: MAX_ITEMS }));
  if (added.length) await change(added);
  return added.length;
}

export function removeItem(key) {
  return change([{ kind: "item", key, value: null }]);
}

// Return the basket as the JSON that the server checks and exports.
export function asJson(basket, items) {
  const { name, fields } = basket.value;
  return JSON.stringify({
    format: "baocha-basket",
    version: 1,
    name,
    fields: Object.fromEntries(FIELDS.map((field) => [field, fields[field] ?? ""])),
    items: items.map(({ key, value: { position, ...item } }) => ({
      key: key.split("~")[1],
      ...item,
    })),
  });
}

// Throw StoreError if a basket, as text or as a file, is larger than the server accepts. Its refusal
// would arrive while the basket is still being sent, and browsers report that as a broken connection.
export function checkSize(basket) {
  const { size } = new Blob([basket]);
  if (size <= MAX_MEGABYTES * 2 ** 20) return;
  throw new StoreError(t("basket_too_large", { size: MAX_MEGABYTES }));
}

// Ask the server which items of a basket, in JSON, are unchanged. Throws StoreError with its reason.
export async function check(json) {
  checkSize(json);
  const { lang } = document.documentElement;
  const answer = await fetch(`${base}baskets/check?lang=${lang === "en" ? "en" : "zh"}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: json,
  }).catch(() => null);
  const body = await answer?.json().catch(() => null);
  if (!answer?.ok || !body) throw new StoreError(body?.error ?? t("store_unreachable"));
  return body;
}
