// The page of a working paper: its fields, its items in order with notes and verdicts, and its
// exports. When the page opens, the items are compared with the index.

import { announceText, attempt } from "../announce.js";
import { download } from "../downloads.js";
import { element } from "../element.js";
import { withSpans } from "../spans.js";
import { t } from "../texts.js";
import {
  addItems,
  asJson,
  baskets,
  check,
  choose,
  createBasket,
  currentBasket,
  day,
  deleteBasket,
  FIELDS,
  itemsOf,
  removeItem,
  saveBasket,
  saveItem,
  VERDICTS,
} from "./baskets.js";
import { describe, sumOf } from "./panel.js";
import { onChange } from "./store.js";

const { base } = document.documentElement.dataset;
const WAIT = 400; // milliseconds without typing, after which a note is saved

export async function paper(main) {
  const page = main.querySelector(".paper-page");
  if (!page) return;
  page.hidden = false;
  const asked = new URLSearchParams(location.search).get("basket");
  if (asked && (await baskets().catch(() => [])).some(({ key }) => key === asked)) choose(asked);
  const view = new PaperView(page);
  await attempt(() => view.load());
  onChange((kind) => {
    if ((kind === "item" || kind === "basket") && !view.isWriting && page.isConnected) {
      attempt(() => view.load());
    }
  });
}

class PaperView {
  isWriting = false;
  #page;
  #basket = null;
  #items = [];
  #states = {};
  #searches = [];
  #dragged = null;

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
      if (!confirm(t("delete_basket_question", { name: this.#basket.value.name }))) return;
      await deleteBasket(this.#basket.key);
      choose("");
      await this.load();
    });
    on(".import input", "change", (event) => this.#import(event.target));
    on("form.fields", "input", () => this.#saveFields());
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

  async load() {
    this.#basket = await currentBasket();
    this.#items = await itemsOf(this.#basket.key);
    const choice = this.#page.querySelector("select.choice");
    choice.replaceChildren(
      ...(await baskets()).map(({ key, value }) => {
        const option = element("option", { value: key, text: value.name });
        option.selected = key === this.#basket.key;
        return option;
      }),
    );
    const form = this.#page.querySelector("form.fields");
    const { name, fields } = this.#basket.value;
    for (const field of ["name", ...FIELDS]) {
      const input = form.elements[field];
      if (input !== document.activeElement)
        input.value = (field === "name" ? name : fields[field]) ?? "";
      input.classList.toggle("empty", !input.value);
    }
    this.#searches = [];
    this.#draw();
    if (this.#items.length) await this.#check();
  }

  async #check() {
    const { items, searches } = await check(asJson(this.#basket, this.#items));
    this.#states = items;
    this.#searches = searches;
    this.#draw();
  }

  #saveFields() {
    const form = this.#page.querySelector("form.fields");
    const value = {
      ...this.#basket.value,
      name: form.elements.name.value.trim() || t("basket_first_name"),
    };
    value.fields = Object.fromEntries(FIELDS.map((field) => [field, form.elements[field].value]));
    for (const input of form.elements) input.classList.toggle("empty", !input.value);
    this.#basket = { ...this.#basket, value };
    return this.#later("fields", () => saveBasket(this.#basket));
  }

  #timers = {};
  #later(name, action) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => attempt(() => this.#write(action)), WAIT);
  }

  async #write(action) {
    this.isWriting = true;
    try {
      await action();
    } finally {
      this.isWriting = false;
    }
  }

  #draw() {
    const page = this.#page;
    page.querySelector(".sum").textContent = sumOf(this.#items);
    page.querySelector(".hint").hidden = this.#items.length > 0;
    for (const button of page.querySelectorAll("[data-form], .print"))
      button.disabled = !this.#items.length;
    const focused = document.activeElement?.closest("li")?.dataset.key;
    const control = document.activeElement?.dataset?.control;
    const typed =
      document.activeElement?.tagName === "TEXTAREA" ? document.activeElement.value : null;
    page
      .querySelector("ol")
      .replaceChildren(...this.#items.map((item, at) => this.#entry(item, at)));
    page.querySelector(".paper-searches").hidden = !this.#searches.length;
    page.querySelector(".paper-searches div").replaceChildren(...this.#searches.map(recordTable));
    const again =
      focused && page.querySelector(`li[data-key="${focused}"] [data-control="${control}"]`);
    if (again) {
      again.focus({ preventScroll: true });
      if (typed !== null) again.value = typed;
    }
  }

  #entry({ key, value }, at) {
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
    body.append(this.#controls({ key, value }, at));
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
      value.note = note.value;
      this.#later(key, () => saveItem(record));
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
    verdict.addEventListener("change", () =>
      attempt(() =>
        this.#write(async () => {
          value.verdict = verdict.value;
          await saveItem(record);
          this.#page.querySelector(".sum").textContent = sumOf(this.#items);
        }),
      ),
    );
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
      { class: "controls" },
      verdict,
      note,
      act("up", "↑", t("move_up"), () => this.#move(at, at - 1), at === 0),
      act("down", "↓", t("move_down"), () => this.#move(at, at + 1), at === this.#items.length - 1),
      act("remove", "×", t("remove_item"), () => removeItem(key)),
    );
  }

  // Give the moved item a position between its new neighbours: only one record changes.
  async #move(from, to) {
    if (to < 0 || to >= this.#items.length || from === to) return;
    const [record] = this.#items.splice(from, 1);
    this.#items.splice(to, 0, record);
    const before = this.#items[to - 1]?.value.position;
    const after = this.#items[to + 1]?.value.position;
    const value = record.value;
    if (before === undefined) value.position = after - 1;
    else if (after === undefined) value.position = before + 1;
    else value.position = (before + after) / 2;
    await this.#write(() => saveItem(record));
    this.#draw();
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
    const { basket, dropped } = await check(await file.text());
    const made = await createBasket(basket.name, basket.fields);
    await addItems(
      made.key,
      basket.items.map(({ key: _, ...item }) => item),
    );
    await this.load();
    announceText(
      [t("imported", { count: basket.items.length }), ...dropped].join(" "),
      dropped.length > 0,
    );
  }

  #export(button) {
    const form = new FormData();
    form.set("basket", JSON.stringify(asJson(this.#basket, this.#items)));
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
