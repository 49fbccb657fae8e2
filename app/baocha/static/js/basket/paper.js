// The page of a working paper: its fields, its items in order with notes and verdicts, and its
// exports. When the page opens, the items are compared with the index.

import { announceText, announceWork, attempt } from "../announce.js";
import { download } from "../downloads.js";
import { element } from "../element.js";
import { store, stored } from "../keys.js";
import { withSpans } from "../spans.js";
import { t } from "../texts.js";
import {
  addItems,
  asJson,
  baskets,
  check,
  checkSize,
  choose,
  createBasket,
  currentBasket,
  day,
  deleteBasket,
  FIELDS,
  itemsOf,
  oneByOne,
  removeItem,
  VERDICTS,
} from "./baskets.js";
import { describe, sumOf } from "./panel.js";
import { change, list, onChange } from "./store.js";

const { base, user } = document.documentElement.dataset;
const LEFT = `baocha-left ${base} ${user}`;
const WAIT = 400; // milliseconds without typing, after which a note is saved
const RETRY = 5000; // milliseconds until what could not be saved is saved again

export async function paper(main) {
  const page = main.querySelector(".paper-page");
  if (!page) return;
  page.inert = true; // what is typed before the basket is read would be lost
  page.hidden = false;
  const asked = new URLSearchParams(location.search).get("basket");
  if (asked && (await baskets().catch(() => [])).some(({ key }) => key === asked)) choose(asked);
  await attempt(saveLeft);
  const view = new PaperView(page);
  // To read and check a large basket takes seconds: a window in the background does it when it is seen.
  let isStale = true;
  const update = async () => {
    if (!isStale || document.hidden || !page.isConnected) return;
    isStale = false;
    await attempt(() => view.load());
  };
  document.addEventListener("visibilitychange", update);
  onChange((kind, isOwn) => {
    if ((kind !== "item" && kind !== "basket") || (isOwn && view.isWriting)) return;
    isStale = true;
    update();
  });
  // The page may be closed or left before the typing has paused, and before the first check is done.
  addEventListener("pagehide", () => view.leave());
  await update();
}

// Save the changes that a page stored when it was left, unless the part was changed since.
async function saveLeft() {
  const left = JSON.parse(stored(LEFT) ?? "[]");
  for (const [kind, key, parts] of left) {
    const record = (await list(kind, key)).find((one) => one.key === key);
    if (!record) continue; // deleted elsewhere
    for (const [part, { before, value }] of parts) {
      if (valueIn(record.value, part) === before) setValue(record.value, part, value);
    }
    await change([{ ...record, kind }]).catch((error) => {
      if (error.isFinal) store(LEFT, ""); // it would be refused each time
      throw error;
    });
  }
  store(LEFT, "");
}

// The parts of a record: name, note, verdict, position and the fields of a basket.
function valueIn(record, part) {
  return FIELDS.includes(part) ? record.fields?.[part] : record[part];
}

function setValue(record, part, value) {
  if (FIELDS.includes(part)) record.fields = { ...record.fields, [part]: value };
  else record[part] = value;
}

class PaperView {
  isWriting = false;
  #page;
  #basket = null;
  #items = [];
  #states = {};
  #searches = [];
  #dragged = null;
  #loads = 0;
  #inTurn = oneByOne(); // reading and writing records: a record is not read while it is written

  constructor(page) {
    this.#page = page;
    const on = (selector, name, action) =>
      page.querySelector(selector).addEventListener(name, (event) => attempt(() => action(event)));
    on("select.choice", "change", (event) => {
      choose(event.target.value);
      return this.load();
    });
    on(".new", "click", async () => {
      await createBasket(t("basket_next_name", { day: day() }));
      await this.load();
      page.querySelector("[name=name]").select();
    });
    on(".delete", "click", async () => {
      const { key, value } = this.#basket;
      if (!confirm(t("delete_basket_question", { name: value.name }))) return;
      this.#forget(key);
      await this.#write(() => deleteBasket(key));
      choose("");
      await this.load();
    });
    on(".import input", "change", (event) => this.#import(event.target));
    on("form.fields", "input", (event) => this.#changeField(event.target));
    for (const button of page.querySelectorAll("[data-form]")) {
      button.addEventListener("click", () => attempt(() => this.#export(button)));
    }
    on(".print", "click", () => print());
    const list = page.querySelector("ol");
    list.addEventListener("dragover", (event) => this.#dragOver(event));
    list.addEventListener("drop", (event) => {
      event.preventDefault();
      attempt(() => this.#dropped());
    });
  }

  // Show the current basket as it is stored, with the changes that are not saved yet.
  async load() {
    const number = ++this.#loads;
    const problem = this.#page.querySelector(".problem");
    const [basket, items, all] = await this.#inTurn(async () => {
      const current = await currentBasket();
      return [current, await itemsOf(current.key), await baskets()];
    }).catch((error) => {
      this.#page.inert = false;
      problem.textContent = error.message;
      throw error;
    });
    problem.textContent = "";
    if (number !== this.#loads) return; // a later call shows what is stored now
    const keys = new Set(items.map(({ key }) => key));
    for (const key of this.#unsaved.keys()) {
      if (key.startsWith(`${basket.key}~`) && !keys.has(key)) this.#forget(key); // deleted elsewhere
    }
    for (const record of [basket, ...items]) this.#changeAgain(record);
    const isOther = basket.key !== this.#basket?.key;
    if (isOther) this.#states = {};
    this.#basket = basket;
    this.#items = items;
    this.#page.querySelector(".delete").disabled = false;
    const choice = this.#page.querySelector("select.choice");
    choice.replaceChildren(
      ...all.map(({ key, value }) => {
        const option = element("option", { value: key, text: value.name });
        option.selected = key === basket.key;
        return option;
      }),
    );
    const form = this.#page.querySelector("form.fields");
    const { name, fields } = basket.value;
    for (const field of ["name", ...FIELDS]) {
      const input = form.elements[field];
      if (isOther || input !== document.activeElement)
        input.value = (field === "name" ? name : fields[field]) ?? "";
      input.parentElement.dataset.printed = input.value;
    }
    this.#searches = [];
    this.#draw();
    this.#page.inert = false;
    if (items.length) await this.#check(number);
  }

  async #check(number) {
    const { items, searches } = await check(asJson(this.#basket, this.#items));
    if (number !== this.#loads) return; // the answer is about another basket, or an older one
    this.#states = items;
    this.#searches = searches;
    this.#draw();
  }

  #changeField(input) {
    if (!this.#basket) return this.load();
    const { name, value } = input;
    input.parentElement.dataset.printed = value;
    const used = name === "name" ? value.trim() || t("basket_first_name") : value;
    this.#change("basket", this.#basket, name, used);
  }

  // Changes that are not saved yet: key of the record → { kind, record, parts, timer }, with the value
  // of each part before and now. When the record is read again, with what another window has changed
  // in it, they are made again.
  #unsaved = new Map();

  // Change a part of a record here, and save it when the typing has paused.
  #change(kind, record, part, value) {
    const unsaved = this.#unsaved.get(record.key);
    clearTimeout(unsaved?.timer);
    const parts = new Map(unsaved?.parts);
    const { before } = parts.get(part) ?? { before: valueIn(record.value, part) };
    parts.set(part, { before, value });
    setValue(record.value, part, value);
    const timer = setTimeout(() => attempt(() => this.#save(record.key)), WAIT);
    this.#unsaved.set(record.key, { kind, record, parts, timer });
  }

  #changeAgain(record) {
    const unsaved = this.#unsaved.get(record.key);
    if (!unsaved) return;
    for (const [part, { value }] of unsaved.parts) setValue(record.value, part, value);
    unsaved.record = record;
  }

  async #save(key) {
    const unsaved = this.#unsaved.get(key);
    if (!unsaved) return;
    clearTimeout(unsaved.timer);
    const isSaved = () => this.#unsaved.get(key) === unsaved && this.#unsaved.delete(key);
    try {
      await this.#write(() => change([{ ...unsaved.record, kind: unsaved.kind }]));
      isSaved();
      if (unsaved.isLate) announceText(t("saved_late"));
    } catch (error) {
      if (error.isFinal) isSaved();
      else {
        unsaved.isLate = true;
        unsaved.timer = setTimeout(() => attempt(() => this.#save(key)), RETRY);
      }
      throw error;
    }
  }

  // Store the changes where it is done at once: the browser may stop a page that is left before it
  // has written its records. The next page saves them.
  leave() {
    if (!this.#unsaved.size) return;
    const left = [...this.#unsaved].map(([key, { kind, parts }]) => [kind, key, [...parts]]);
    store(LEFT, JSON.stringify(left));
    for (const key of this.#unsaved.keys()) attempt(() => this.#save(key));
  }

  // Forget the changes of a record that is deleted, and of the items in it: it would come back.
  #forget(key) {
    for (const [one, { timer }] of this.#unsaved) {
      if (one !== key && !one.startsWith(`${key}~`)) continue;
      clearTimeout(timer);
      this.#unsaved.delete(one);
    }
  }

  #write(action) {
    return this.#inTurn(async () => {
      this.isWriting = true;
      try {
        return await action();
      } finally {
        this.isWriting = false;
      }
    });
  }

  #draw() {
    const page = this.#page;
    page.querySelector(".sum").textContent = sumOf(this.#items);
    page.querySelector(".hint").hidden = this.#items.length > 0;
    for (const button of page.querySelectorAll("[data-form], .print"))
      button.disabled = !this.#items.length;
    const focused = document.activeElement?.closest("li")?.dataset.key;
    const control = document.activeElement?.dataset?.control;
    const { selectionStart, selectionEnd } = document.activeElement ?? {};
    page
      .querySelector("ol")
      .replaceChildren(...this.#items.map((item, at) => this.#entry(item, at)));
    page.querySelector(".paper-searches").hidden = !this.#searches.length;
    page.querySelector(".paper-searches div").replaceChildren(...this.#searches.map(recordTable));
    const again =
      focused && page.querySelector(`li[data-key="${focused}"] [data-control="${control}"]`);
    if (again) {
      again.focus({ preventScroll: true });
      again.setSelectionRange?.(selectionStart, selectionEnd);
    }
  }

  #entry(record, at) {
    const { key, value } = record;
    const short = key.split("~")[1];
    const state = this.#states[short];
    const item = element("li", {
      "data-key": short,
      "data-kind": value.kind,
      class: "paper-item",
    });
    const handle = element("span", {
      class: "handle",
      draggable: "true",
      title: t("drag_item"),
      text: "⠿",
    });
    handle.addEventListener("dragstart", (event) => {
      this.#dragged = item;
      item.classList.add("dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", value.text ?? value.search);
    });
    handle.addEventListener("dragend", () => item.classList.remove("dragged"));

    const [shortText, where] = describe(value);
    const quote = element("blockquote", { lang: "zh-CN" });
    if (value.kind === "search") quote.textContent = state?.citation ?? shortText;
    else if (state?.cells.length) quote.append(rowTable(state.cells));
    else quote.append(...withSpans(value.text, state?.spans ?? [], "mark"));
    const body = element("div", {}, quote);
    if (state && state.state !== "current") {
      const change =
        value.kind === "search"
          ? t("search_changed", { before: value.total, after: state.total })
          : t(`item_${state.state}`);
      body.append(element("p", { class: "none" }, element("b", { text: change })));
      if (state.text)
        body.append(element("blockquote", { class: "soft", lang: "zh-CN", text: state.text }));
    }
    const cite = element("p", { class: "meta" });
    const source = value.kind === "search" ? where : (state?.citation ?? where);
    cite.append(state?.address ? element("a", { href: state.address, text: source }) : source);
    body.append(cite);
    if (value.sha256) {
      const file = t("paper_file", { source: value.source, sha256: value.sha256 });
      body.append(element("p", { class: "meta printed", text: file }));
    }
    body.append(this.#controls(record, at));
    item.append(handle, body);
    return item;
  }

  #controls(record, at) {
    const { key, value } = record;
    const note = element("textarea", {
      rows: 1,
      maxlength: 2000,
      "data-control": "note",
      placeholder: t("note"),
      "aria-label": t("note"),
    });
    note.value = value.note;
    note.addEventListener("input", () => {
      const text = note.value;
      note.parentElement.dataset.printed = text;
      this.#change("item", record, "note", text);
    });
    const verdict = element("select", { "data-control": "verdict", "aria-label": t("verdict") });
    for (const one of VERDICTS) {
      const option = element("option", {
        value: one,
        text: t(one ? `verdict_${one}` : "verdict_none"),
      });
      option.selected = one === value.verdict;
      verdict.append(option);
    }
    verdict.addEventListener("change", () => {
      this.#change("item", record, "verdict", verdict.value);
      this.#page.querySelector(".sum").textContent = sumOf(this.#items);
      attempt(() => this.#save(key));
    });
    const act = (control, text, label, action, disabled = false) => {
      const made = element("button", {
        type: "button",
        class: "quiet",
        "data-control": control,
        "aria-label": label,
        title: label,
        text,
      });
      made.disabled = disabled;
      made.addEventListener("click", () => attempt(action));
      return made;
    };
    return element(
      "p",
      { class: "controls", "data-printed": value.note },
      verdict,
      note,
      act("up", "↑", t("move_up"), () => this.#move(at, at - 1), at === 0),
      act("down", "↓", t("move_down"), () => this.#move(at, at + 1), at === this.#items.length - 1),
      act("remove", "×", t("remove_item"), () => {
        this.#forget(key);
        return removeItem(key);
      }),
    );
  }

  // Give the moved item a position between its new neighbours: only one record changes. If there is no
  // number between theirs any more, all items get new positions.
  async #move(from, to) {
    if (to < 0 || to >= this.#items.length || from === to) return;
    const [record] = this.#items.splice(from, 1);
    this.#items.splice(to, 0, record);
    const before = this.#items[to - 1]?.value.position ?? this.#items[to + 1].value.position - 2;
    const after = this.#items[to + 1]?.value.position ?? before + 2;
    const between = (before + after) / 2;
    const isFree = before < between && between < after;
    const moved = isFree ? [[record, between]] : this.#items.map((item, at) => [item, at + 1]);
    for (const [one, position] of moved) {
      this.#change("item", one, "position", position);
    }
    this.#draw();
    for (const [{ key }] of moved) await this.#save(key);
  }

  #dragOver(event) {
    if (!this.#dragged) return;
    event.preventDefault();
    const over = event.target.closest("li");
    if (!over || over === this.#dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(this.#dragged);
    else over.after(this.#dragged);
  }

  async #dropped() {
    const dragged = this.#dragged;
    this.#dragged = null;
    const order = [...this.#page.querySelectorAll("ol > li")];
    const to = order.indexOf(dragged);
    const from = this.#items.findIndex(({ key }) => key.endsWith(`~${dragged.dataset.key}`));
    await this.#move(from, to);
  }

  async #import(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const finish = announceWork(t("importing"));
    try {
      checkSize(file);
      const { basket, dropped } = await check(await file.text());
      await this.#write(() => this.#addBasket(basket));
      await this.load();
      announceText(
        [t("imported", { count: basket.items.length }), ...dropped].join(" "),
        dropped.length > 0,
      );
    } finally {
      finish();
    }
  }

  // Add a basket with its items and choose it. If not all of it can be saved, nothing is added.
  async #addBasket({ name, fields, items }) {
    const made = await createBasket(name, fields);
    try {
      await addItems(
        made.key,
        items.map(({ key: _, ...item }) => item),
      );
    } catch (error) {
      choose(this.#basket?.key ?? "");
      await deleteBasket(made.key).catch(() => {});
      throw error;
    }
  }

  async #export(button) {
    const form = new FormData();
    const json = asJson(this.#basket, this.#items);
    checkSize(json);
    form.set("basket", json);
    form.set("lang", document.documentElement.lang === "en" ? "en" : "zh");
    const [template] = this.#page.querySelector("[name=template]").files;
    if (template && button.dataset.form === "docx") form.set("template", template);
    return download(`${base}baskets/export.${button.dataset.form}`, { method: "POST", body: form });
  }
}

// Return a row of a table: heads and units above the cells. Matches are marked.
function rowTable(cells) {
  const heads = cells.map(({ head, unit }) =>
    element("th", { scope: "col", text: head + (unit && `（${unit}）`) }),
  );
  const row = cells.map(({ runs }) =>
    element("td", {}, ...runs.map(([text, lit]) => (lit ? element("mark", { text }) : text))),
  );
  const table = element("table", {}, element("tbody", {}, element("tr", {}, ...row)));
  if (cells.some(({ head, unit }) => head || unit))
    table.prepend(element("thead", {}, element("tr", {}, ...heads)));
  return element("div", { class: "row" }, table);
}

// Return the record of a search as a table: its query, counts and proof, and who mentions it.
function recordTable(lines) {
  const rows = lines.map(([label, value]) =>
    element("tr", {}, element("th", { scope: "row", text: label }), element("td", { text: value })),
  );
  return element("table", { class: "plain" }, element("tbody", {}, ...rows));
}
