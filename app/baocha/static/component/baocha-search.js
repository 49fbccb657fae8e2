// The element <baocha-search>. Texts and limits in capitals are constants of Python:
// tools/make_component.py writes them at the top of embed/v1.js.

import { element } from "../js/element.js";
import { ATTRIBUTES, read } from "./attributes.js";
import { card } from "./card.js";
import { searchBox } from "./search-box.js";
import { ask, BASE, explain } from "./server.js";
import { sheet } from "./style.js";

// A change of these changes the answer to a query.
const OF_ANSWER = ["lang", "limit", "filters", "token", ...FACETS];

function button(part, onClick) {
  const made = element("button", { part, type: "button" });
  made.addEventListener("click", onClick);
  return made;
}

export class BaochaSearch extends HTMLElement {
  static observedAttributes = ATTRIBUTES;
  static isBox = false; // <baocha-box> has only a search box, which may lead to another element

  #box; // the search box on the page
  #dialogBox = null;
  #dialog = null;
  #close = null;
  #filters;
  #status;
  #results;
  #end;
  #output;
  #changed = new Set(ATTRIBUTES); // attributes whose change is not shown yet
  #values = {}; // of the attributes, valid
  #problems = new Map(); // messages about invalid attributes
  #selects = {};
  #offered = {}; // what the selects offer: the last facets
  #requests = {};
  #query = ""; // of the last search
  #given = {}; // filters of the last call of search(), instead of those of the attributes
  #isAnswered = true;

  connectedCallback() {
    const isMoved = this.shadowRoot !== null;
    if (!isMoved) this.#build();
    this.#update();
    if (!isMoved) return;
    if (this.#values.hotkey) document.addEventListener("keydown", this.#hotkey);
    if (!this.#isAnswered) this.#repeat();
    this.#prepare();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#hotkey);
    for (const box of this.#boxes) box.close();
    for (const request of Object.values(this.#requests)) request.abort();
  }

  // A framework changes attributes one by one. They are shown together, so that one search follows.
  attributeChangedCallback(name, before, after) {
    if (before === after) return;
    this.#changed.add(name);
    queueMicrotask(() => this.isConnected && this.#update());
  }

  // Search for a query, as if a reader had typed it. `filters` has lists of values by facet; they
  // replace the attributes of the same names until the next call.
  search(query, filters = {}) {
    if (!this.isConnected) return;
    this.#update();
    this.#given = filters;
    for (const name of Object.keys(this.#selects)) this.#fill(name, null);
    this.#submit(String(query).trim());
  }

  get #mode() {
    return this.constructor.isBox ? "box" : this.#values.mode;
  }

  get #boxes() {
    return [this.#box, this.#dialogBox].filter(Boolean);
  }

  // Fill in a text. Numbers get separators; a noun after 1 is singular.
  #label = (key, values) =>
    TEXTS[key][this.#values.lang === "en" ? 1 : 0]
      .replace(/({(\w+)} \w+)s/g, (many, one, name) => (values[name] === 1 ? one : many))
      .replace(/{(\w+)}/g, (_, name) => values[name].toLocaleString("en"));

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    this.#box = searchBox(this.#suggest, this.#submit);
    this.#filters = element("div", { part: "filters" });
    this.#status = element("p", { part: "status", role: "status" });
    this.#results = element("ol", { part: "results" });
    this.#end = element("p", { part: "end" });
    const output = [this.#filters, this.#status, this.#results, this.#end];
    this.#output = element("div", { part: "output" }, ...output);
    root.append(this.#box.form, this.#output);
  }

  // Show what changed. What does not depend on it stays: the typed text, the focus, the choices.
  #update() {
    const changed = this.#changed;
    if (!changed.size) return;
    this.#changed = new Set();
    const any = (...names) => names.some((name) => changed.has(name));
    if (changed.has("lang")) this.#check("lang"); // the other messages are in this language
    for (const name of this.constructor.observedAttributes) {
      if (name !== "lang" && changed.has(name)) this.#check(name);
    }
    if (any("mode")) this.#arrange();
    if (any("lang", "mode", "placeholder")) this.#write();
    if (any("filters")) this.#offer();
    for (const name of Object.keys(this.#selects)) {
      if (any(name)) delete this.#given[name];
      if (any("lang", name)) this.#fill(name, any(name) ? null : this.#chosen(name));
    }
    if (any("target")) {
      for (const link of this.#results.querySelectorAll(".link")) link.target = this.#values.target;
    }
    if (any("hotkey")) {
      if (this.#values.hotkey) document.addEventListener("keydown", this.#hotkey);
      else document.removeEventListener("keydown", this.#hotkey);
    }
    const query = this.#values.query;
    if (any("query") && query !== null) {
      for (const box of this.#boxes) box.input.value = query;
      if (this.#mode === "results") this.#searchOrClear(query.trim());
    } else if (any(...OF_ANSWER)) this.#repeat();
    if (any("doctor") && !this.#query) this.#status.textContent = "";
    if (this.#values.doctor || any("filters", "token")) this.#prepare();
  }

  // Before the first search: check everything, or offer the values of filters.
  #prepare() {
    if (this.#values.doctor) this.#diagnose();
    else if (!this.#query) this.#fillAll();
  }

  // Read an attribute. A bad value gives one warning.
  #check(name) {
    const given = this.getAttribute(name);
    const { value, allowed } = read(name, given, this.#label, this.constructor.isBox);
    this.#values[name] = value;
    this.#problems.delete(name);
    if (!allowed) return;
    const shown = name === "token" ? "…" : given.slice(0, MAX_VALUE_LENGTH); // a token is secret
    const used = [value].flat().filter(Boolean).join("|") || this.#label("no_value");
    this.#warn(name, this.#label("bad_attribute", { name, value: shown, allowed, used }));
  }

  #warn(name, problem) {
    if (this.#problems.get(name) === problem) return;
    this.#problems.set(name, problem);
    console.warn(`<${this.localName}> ${problem}`);
  }

  #suggest = async (typed, signal) => {
    const parameters = this.#parameters(typed);
    return (await ask("suggest", parameters, this.#values.token, signal)).suggestions;
  };

  #submit = (query) => {
    for (const box of this.#boxes) box.input.value = query;
    if (!query) return;
    if (this.#mode === "box") this.#leave(query);
    else this.#search(query, 0, this.#parameters(query), true);
  };

  // Go to the search page, or let another element search.
  #leave(query) {
    const { target } = this.#values;
    const address = `${BASE}?${this.#parameters(query)}`;
    const other = this.#otherElement();
    if (other) other.search(query, this.#filtersInUse);
    else if (target === "_self" || this.#leadsToElement) location.assign(address);
    else open(address, target, "noopener");
  }

  get #leadsToElement() {
    return this.constructor.isBox && !this.#values.target.startsWith("_");
  }

  // Return the element that the target of a <baocha-box> names. Warn if it does not exist.
  #otherElement() {
    if (!this.#leadsToElement) return null;
    const { target } = this.#values;
    const found = this.getRootNode().getElementById?.(target) ?? document.getElementById(target);
    if (found !== this && typeof found?.search === "function") return found;
    this.#warn("target", this.#label("no_target", { target }));
    return null;
  }

  #repeat() {
    if (this.#query && this.#mode !== "box") this.#search(this.#query, 0);
  }

  #searchOrClear(query) {
    if (query) {
      this.#search(query, 0);
      return;
    }
    this.#requests.search?.abort();
    this.#query = "";
    this.#isAnswered = true;
    this.#status.textContent = "";
    this.#results.replaceChildren();
    this.#end.replaceChildren();
  }

  // Put results where the mode wants them. The search box on the page never moves.
  #arrange() {
    const root = this.shadowRoot;
    const focused = root.activeElement;
    const mode = this.#mode;
    this.#dialog?.close();
    if (mode === "dialog") {
      if (!this.#dialog) this.#buildDialog();
      this.#dialogBox.form.after(this.#output);
    } else {
      this.#box.form.after(this.#output);
      if (mode === "box") this.#searchOrClear("");
    }
    if (root.activeElement !== focused) focused.focus();
  }

  #buildDialog() {
    this.#dialogBox = searchBox(this.#suggest, this.#submit);
    this.#dialogBox.input.value = this.#box.input.value;
    this.#close = button("close", () => this.#dialog.close());
    this.#dialog = element("dialog", { part: "dialog" }, this.#dialogBox.form, this.#close);
    this.shadowRoot.append(this.#dialog);
  }

  #openDialog() {
    if (this.#dialog.open) return;
    this.#dialogBox.input.value = this.#box.input.value;
    this.#dialog.showModal(); // moves the focus to its search box
  }

  #write() {
    for (const box of this.#boxes) box.write(this.#label, this.#values.placeholder);
    if (this.#close) this.#close.textContent = this.#label("close");
    this.#dialog?.setAttribute("aria-label", this.#label("search"));
  }

  // Offer the filters that readers may change.
  #offer() {
    for (const name of Object.keys(this.#selects)) {
      if (this.#values.filters.includes(name)) continue;
      this.#selects[name].parentElement.remove();
      delete this.#selects[name];
    }
    let before = null;
    for (const name of FACETS.filter((facet) => this.#values.filters.includes(facet))) {
      if (!this.#selects[name]) {
        const label = this.#filter(name);
        if (before) before.after(label);
        else this.#filters.prepend(label);
        this.#fill(name, null);
      }
      before = this.#selects[name].parentElement;
    }
  }

  #filter(name) {
    const select = element("select", { part: "select" });
    this.#selects[name] = select;
    select.addEventListener("change", () => {
      const box = this.#dialog?.open ? this.#dialogBox : this.#box;
      const query = box.input.value.trim() || this.#query;
      if (query && this.#mode !== "box") this.#search(query, 0);
    });
    return element("label", { part: "filter" }, element("span", { part: "facet" }), " ", select);
  }

  // Return what a reader chose: the values, and the text for them.
  #chosen(name) {
    const option = this.#selects[name].selectedOptions[0];
    return option && { key: option.value, text: option.text, values: option.values };
  }

  // Write the options of a filter and select what was chosen, or the first selection if `chosen` is
  // null.
  #fill(name, chosen) {
    const select = this.#selects[name];
    select.previousElementSibling.textContent = this.#label(name);
    const preset = this.#given[name] ?? this.#values[name];
    const presetKey = preset.join("|");
    const options = new Map();
    const add = (key, text, values) => {
      options.set(key, Object.assign(element("option", { value: key, text }), { values }));
    };
    add("", this.#label("all"), []);
    if (presetKey) add(presetKey, preset.join("、"), preset);
    if (chosen?.key) add(chosen.key, chosen.key.replaceAll("|", "、"), chosen.values);
    for (const { value, count } of this.#offered[name] ?? []) {
      const text = value ?? this.#label("unknown_year");
      const filter = String(value ?? "unknown");
      add(filter, count === undefined ? text : `${text} (${count})`, [filter]);
    }
    select.replaceChildren(...options.values());
    select.value = chosen ? chosen.key : presetKey;
  }

  // Before the first search, offer all values that the index has.
  async #fillAll() {
    const names = Object.keys(this.#selects);
    if (!names.length) return;
    try {
      const status = await this.#ask("status");
      if (this.#query) return; // the facets of the results are more exact
      for (const name of Object.keys(this.#selects)) {
        this.#offered[name] = status[`${name}s`].map((value) => ({ value }));
        this.#fill(name, this.#chosen(name));
      }
    } catch {
      // A search shows what is wrong.
    }
  }

  // Return the filters in use, as lists of values: chosen by the reader, or fixed.
  get #filtersInUse() {
    const filters = {};
    for (const name of FACETS) {
      const fixed = this.#given[name] ?? this.#values[name];
      const values = this.#selects[name] ? this.#chosen(name).values : fixed;
      if (values.length) filters[name] = values;
    }
    return filters;
  }

  // Return the query, the filters and the language.
  #parameters(query) {
    const parameters = new URLSearchParams({ q: query });
    for (const [name, values] of Object.entries(this.#filtersInUse)) {
      for (const value of values) parameters.append(name, value);
    }
    parameters.set("lang", this.#values.lang); // else the server takes the browser's language
    return parameters;
  }

  // Only the answer to the last request to a path is shown.
  #ask(path, parameters = "") {
    this.#requests[path]?.abort();
    this.#requests[path] = new AbortController();
    return ask(path, parameters, this.#values.token, this.#requests[path].signal);
  }

  #dispatch(name, detail) {
    const type = `${this.localName}:${name}`;
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  // “More” sends the parameters of the hits that are shown. The dialog opens if a reader searches.
  async #search(query, offset, parameters = this.#parameters(query), opens = false) {
    this.#query = query;
    this.#isAnswered = false;
    const limit = this.#values.limit;
    try {
      const all = `${parameters}&limit=${limit}&offset=${offset}`;
      const result = await this.#ask("search", all);
      this.#isAnswered = true;
      this.#show(query, offset, parameters, result);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#isAnswered = true;
      this.#fail(error, () => this.#search(query, offset, parameters));
    }
    if (opens && this.isConnected && this.#mode === "dialog") this.#openDialog();
  }

  #show(query, offset, parameters, result) {
    const { total, reports, warnings } = result;
    let summary = this.#label("total", { total, reports });
    if (!total) summary = this.#label(result.certificate ? "none_contains_it" : "no_paragraphs");
    this.#status.textContent = [summary, ...warnings].join(" ");
    this.#offered = result.facets;
    for (const name of Object.keys(this.#selects)) this.#fill(name, this.#chosen(name));
    const cards = result.hits.map((hit, at) => {
      const link = this.#link(query, parameters, hit);
      return card(hit, offset + at + 1, link, this.#label);
    });
    if (offset) this.#results.append(...cards);
    else this.#results.replaceChildren(...cards);
    const shown = offset + result.hits.length;
    const more = button("more", async () => {
      await this.#search(query, shown, parameters);
      // The button is gone, and the focus with it: continue with the hits that it brought.
      if (document.activeElement === document.body) {
        this.#results.children[shown]?.querySelector("a").focus();
      }
    });
    more.textContent = this.#label("more");
    this.#end.replaceChildren(...(shown < total && result.hits.length ? [more] : []));
    this.#dispatch("results", { query, total, reports });
  }

  #link(query, parameters, hit) {
    const [report, ordinal] = hit.id.split("#");
    const address = `${BASE}reports/${encodeURIComponent(report)}?${parameters}&at=${ordinal}#p${ordinal}`;
    const { target } = this.#values;
    const link = element("a", { part: "link", href: address, target, rel: "noopener" });
    link.addEventListener("click", () => this.#dispatch("select", { query, id: hit.id, address }));
    return link;
  }

  async #fail(error, retry) {
    const again = button("retry", retry);
    again.textContent = this.#label("retry");
    this.#results.replaceChildren();
    this.#end.replaceChildren(again);
    const request = this.#requests.search;
    const message = await explain(error, this.#label);
    if (request !== this.#requests.search) return; // a newer search has begun
    this.#showError(message);
  }

  #showError(message) {
    this.#status.textContent = message;
    this.#dispatch("error", { message });
  }

  #hotkey = (event) => {
    if (event.key?.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (this.#mode === "dialog") this.#openDialog();
    else this.#box.input.focus();
  };

  // Check attributes, origin, policy, token and filters, and show the result.
  async #diagnose() {
    this.#otherElement();
    const problems = [...this.#problems.values()];
    try {
      const { paragraphs } = await this.#ask("status");
      const { warnings } = await this.#ask("facets", this.#parameters("的"));
      const found = [...problems, ...warnings].join(" ");
      this.#status.textContent = found || this.#label("all_well", { paragraphs });
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#showError([...problems, await explain(error, this.#label)].join(" "));
    }
  }
}
