// Baskets: named lists of paragraphs and searches for a working paper. New items are added to the
// current basket.

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

// Return a short hash of a text, to be used in a key (FNV-1a, 64 bits).
export function hash(text) {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  }
  return value.toString(36);
}

// Return the key of an item. Two items have the same key if they are the same text in the same report,
// or the same search.
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

// Return the current basket. Create one if no basket exists. Calls wait for each other; otherwise two
// calls at the same time would create two baskets.
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

// Create a basket and make it the current one. Without `fields`, the names are copied from the newest
// basket, and the date is today.
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

// Add items in order. Return the number of new items: an item that is already in the basket does not
// change. Additions wait for each other; otherwise two items would get the same position.
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

// Ask the server for the state of each item of a basket, in JSON. Throws StoreError with the reason.
export async function check(json) {
  checkSize(json);
  const { lang } = document.documentElement;
  const answer = await fetch(`${base}baskets/check?lang=${lang === "en" ? "en" : "zh"}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: json,
  }).catch(() => null);
  const body = await answer?.json().catch(() => null);
  if (!answer?.ok || !body) throw new StoreError(body?.error ?? t("server_unreachable"));
  return body;
}
