// Records of this reader: baskets, their items, saved searches, visits. The server stores them if a
// proxy sends the names of users (setting `user-header`); otherwise this browser does, in IndexedDB.
// Both have the same functions. A record is { key, value, version }; `kind` groups records.

import { t } from "../texts.js";

const { base, user } = document.documentElement.dataset;
const channel = new BroadcastChannel(`baocha ${base}`);

// A record could not be read or written. The message is for the reader, and nothing was changed.
// `isFinal`: the same change would be refused again.
export class StoreError extends Error {
  constructor(message, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

// Call `listener` with the kind of each record that changes, and whether it changes in this window.
export function onChange(listener) {
  channel.addEventListener("message", (event) => listener(event.data, false));
  document.addEventListener("baocha:records", (event) => listener(event.detail, true));
}

function announce(kind) {
  channel.postMessage(kind);
  document.dispatchEvent(new CustomEvent("baocha:records", { detail: kind }));
}

function request(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// The open database. The browser may close it, for example on a full disk: then it is opened again.
let database = null;
async function browserStore(mode) {
  try {
    database ??= await openDatabase();
    return database.transaction("records", mode);
  } catch {
    database = await openDatabase();
    return database.transaction("records", mode);
  }
}

async function openDatabase() {
  try {
    const opened = indexedDB.open(`baocha ${base}`, 1);
    opened.onupgradeneeded = () =>
      opened.result.createObjectStore("records", { keyPath: ["kind", "key"] });
    return await request(opened);
  } catch {
    throw new StoreError(t("store_forbidden"));
  }
}

const inBrowser = {
  async list(kind, prefix = "") {
    const range = IDBKeyRange.bound([kind, prefix], [kind, `${prefix}\uffff`]);
    const transaction = await browserStore("readonly");
    return request(transaction.objectStore("records").getAll(range));
  },
  async change(changes) {
    const transaction = await browserStore("readwrite");
    const records = transaction.objectStore("records");
    for (const { kind, key, value } of changes) {
      if (value === null) records.delete([kind, key]);
      else records.put({ kind, key, value });
    }
    transaction.commit(); // also if the page is left now
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error); // it has no error before
    });
  },
};

async function ask(path, options = {}) {
  const answer = await fetch(`${base}records/${path}`, {
    ...options,
    headers: { Accept: "application/json", "Content-Type": "application/json" },
  });
  if (answer.status === 204) return null;
  const body = await answer.json().catch(() => null);
  if (!answer.ok || !body) {
    const isFinal = answer.status >= 400 && answer.status < 500;
    throw new StoreError(body?.error ?? t("store_unreachable"), isFinal);
  }
  return body;
}

// The version of each record when it was read. The server refuses a change to a newer version.
const versions = new Map();
const onServer = {
  async list(kind, prefix = "") {
    const { records } = await ask(`${kind}?prefix=${encodeURIComponent(prefix)}`);
    for (const record of records) versions.set(`${kind}/${record.key}`, record.version);
    return records;
  },
  async change(changes) {
    const isDeleted = ({ kind, value }) => kind === "basket" && value === null;
    const deleted = new Set(changes.filter(isDeleted).map(({ key }) => key));
    for (const { kind, key, value } of changes) {
      const name = `${kind}/${key}`;
      if (kind === "item" && deleted.has(key.split("~")[0])) {
        versions.delete(name); // the server deletes the items of a basket with it
      } else if (value === null) {
        await ask(name, { method: "DELETE" });
        versions.delete(name);
      } else {
        const body = JSON.stringify({ value, version: versions.get(name) ?? null });
        versions.set(name, (await ask(name, { method: "PUT", body })).version);
      }
    }
  },
};

const place = user ? onServer : inBrowser;

// Return the records of a kind whose keys begin with `prefix`. Throws StoreError.
export function list(kind, prefix) {
  return place.list(kind, prefix).catch(explain);
}

// Write records: [{ kind, key, value }]. A value of null deletes the record. Throws StoreError.
export async function change(changes) {
  await place.change(changes).catch(explain);
  for (const kind of new Set(changes.map((one) => one.kind))) announce(kind);
}

// A browser has many errors for a full disk, among them DataError and UnknownError.
function explain(error) {
  if (error instanceof StoreError) throw error;
  throw new StoreError(t(user ? "store_unreachable" : "store_full"));
}
