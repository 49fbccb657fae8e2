// The element <report-search>. Texts and limits in capitals are constants of Python:
// tools/make_component.py writes them at the top of embed/v1.js.

import { combobox } from "../js/combobox.js";
import { element } from "../js/element.js";
import { ask, BASE, explain } from "./server.js";
import { snippet } from "./snippet.js";
import { sheet } from "./style.js";

function button(part, text, onClick) {
  const made = element("button", { part, type: "button", text });
  made.addEventListener("click", onClick);
  return made;
}

class ReportSearch extends HTMLElement {
  #input;
  #closeList;
  #status;
  #results;
  #end;
  #dialog = null;
  #selects = {};
  #requests = {};
  #query = ""; // of the last search

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    if (this.hasAttribute("hotkey")) document.addEventListener("keydown", this.#hotkey);
    if (this.hasAttribute("doctor")) this.#diagnose();
    else if (Object.keys(this.#selects).length) this.#fillAll();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#hotkey);
    this.#closeList();
    for (const request of Object.values(this.#requests)) request.abort();
  }

  get #language() {
    return this.getAttribute("lang")?.startsWith("en") ? "en" : "zh";
  }

  // Fill in a text. Numbers get separators; a noun after 1 is singular.
  #label = (key, values) =>
    TEXTS[key][this.#language === "en" ? 1 : 0]
      .replace(/({(\w+)} \w+)s/g, (many, one, name) => (values[name] === 1 ? one : many))
      .replace(/{(\w+)}/g, (_, name) => values[name].toLocaleString("en"));

  // Return the query, the filters (chosen or fixed) and the language.
  #parameters(query) {
    const parameters = new URLSearchParams({ q: query });
    for (const name of FACETS) {
      const chosen = this.#selects[name]?.selectedOptions[0].values;
      for (const value of chosen ?? (this.getAttribute(name) ?? "").split("|")) {
        if (value.trim()) parameters.append(name, value.trim());
      }
    }
    parameters.set("lang", this.#language); // else the server takes the browser's language
    return parameters;
  }

  // Only the answer to the last request to a path is shown.
  #ask(path, parameters = "") {
    this.#requests[path]?.abort();
    this.#requests[path] = new AbortController();
    return ask(path, parameters, this.getAttribute("token"), this.#requests[path].signal);
  }

  #dispatch(name, detail) {
    this.dispatchEvent(
      new CustomEvent(`report-search:${name}`, { detail, bubbles: true, composed: true }),
    );
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    const label = this.getAttribute("placeholder") ?? this.#label("query");
    this.#input = element("input", {
      part: "input",
      type: "search",
      placeholder: label,
      "aria-label": label,
      maxlength: MAX_QUERY_LENGTH,
      autocomplete: "off",
    });
    const form = element(
      "form",
      { part: "form", role: "search" },
      element("div", { class: "field" }, this.#input),
      element("button", { part: "button", type: "submit", text: this.#label("search") }),
    );
    this.#status = element("p", { part: "status", role: "status" });
    this.#results = element("ol", { part: "results" });
    this.#end = element("p", { part: "end" });
    const offered = (this.getAttribute("filters") ?? "").split(/\s+/);
    const names = FACETS.filter((name) => offered.includes(name));
    const filters = element("div", { part: "filters" }, ...names.map((name) => this.#filter(name)));
    const output = [filters, this.#status, this.#results, this.#end];
    root.append(form, ...output);
    if (this.getAttribute("mode") === "dialog") {
      const close = button("close", this.#label("close"), () => this.#dialog.close());
      const attributes = { part: "dialog", "aria-label": this.#label("search") };
      this.#dialog = element("dialog", attributes, close, ...output); // moves them
      root.append(this.#dialog);
    }
    this.#closeList = combobox(this.#input, {
      label: this.#label("suggestions"),
      department: this.#label("department"),
      suggest: async (typed, signal) => {
        const token = this.getAttribute("token");
        return (await ask("suggest", this.#parameters(typed), token, signal)).suggestions;
      },
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const query = this.#input.value.trim();
      if (!query) return;
      if (this.getAttribute("mode") === "box") this.#open(`${BASE}?${this.#parameters(query)}`);
      else this.#search(query, 0);
    });
  }

  // Return a filter that readers may change. Its attribute is the first selection.
  #filter(name) {
    const select = element("select", { part: "select" });
    this.#selects[name] = select;
    this.#fill(name, []);
    select.addEventListener("change", () => {
      const query = this.#input.value.trim() || this.#query;
      if (query && this.getAttribute("mode") !== "box") this.#search(query, 0);
    });
    return element("label", { part: "filter" }, `${this.#label(name)} `, select);
  }

  #fill(name, items) {
    const select = this.#selects[name];
    const chosen = select.selectedOptions[0];
    const preset = this.getAttribute(name);
    const options = new Map();
    const add = (value, text, values) => {
      options.set(value, Object.assign(element("option", { value, text }), { values }));
    };
    add("", this.#label("all"), []);
    if (preset) add(preset, preset.replaceAll("|", "、"), preset.split("|"));
    if (chosen?.value) add(chosen.value, chosen.value, chosen.values);
    for (const { value, count } of items) {
      const text = value ?? this.#label("unknown_year");
      const filter = String(value ?? "unknown");
      add(filter, count === undefined ? text : `${text} (${count})`, [filter]);
    }
    select.replaceChildren(...options.values());
    select.value = chosen?.value ?? preset ?? "";
  }

  // Before the first search, offer all values that the index has.
  async #fillAll() {
    try {
      const status = await this.#ask("status");
      if (this.#query) return; // the facets of the results are more exact
      for (const name of Object.keys(this.#selects)) {
        const items = status[`${name}s`].map((value) => ({ value }));
        this.#fill(name, items);
      }
    } catch {
      // A search shows what is wrong.
    }
  }

  #open(address) {
    const target = this.getAttribute("target") ?? "_self";
    if (target === "_self") location.assign(address);
    else open(address, target, "noopener");
  }

  // “More” sends the parameters of the hits that are shown.
  async #search(query, offset, parameters = this.#parameters(query)) {
    this.#query = query;
    const limit = Number(this.getAttribute("limit")) || DEFAULT_LIMIT;
    try {
      const all = `${parameters}&limit=${limit}&offset=${offset}`;
      this.#show(query, offset, parameters, await this.#ask("search", all));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.#fail(error, () => this.#search(query, offset, parameters));
    }
    if (this.isConnected && this.#dialog && !this.#dialog.open) this.#dialog.showModal();
  }

  #show(query, offset, parameters, result) {
    const { total, reports, warnings } = result;
    let summary = this.#label("total", { total, reports });
    if (!total) summary = this.#label(result.certificate ? "none_contains_it" : "no_paragraphs");
    this.#status.textContent = [summary, ...warnings].join(" ");
    for (const name of Object.keys(this.#selects)) this.#fill(name, result.facets[name]);
    const items = result.hits.map((hit) => this.#hit(query, parameters, hit));
    if (offset) this.#results.append(...items);
    else this.#results.replaceChildren(...items);
    this.#end.replaceChildren();
    const shown = offset + result.hits.length;
    if (shown < total) {
      this.#end.append(
        button("more", this.#label("more"), () => this.#search(query, shown, parameters)),
      );
    }
    this.#dispatch("results", { query, total, reports });
  }

  #hit(query, parameters, hit) {
    const [report, ordinal] = hit.id.split("#");
    const address = `${BASE}reports/${encodeURIComponent(report)}?${parameters}&at=${ordinal}#p${ordinal}`;
    const year = hit.report.year ?? this.#label("unknown_year");
    const link = element("a", {
      part: "link",
      href: address,
      text: `${hit.report.department} · ${year}`,
      target: this.getAttribute("target") ?? "_self",
      rel: "noopener",
    });
    link.addEventListener("click", () => this.#dispatch("select", { query, id: hit.id, address }));
    const where = [`《${hit.report.title}》`, ...hit.section_path];
    where.push(this.#label("paragraph", { ordinal }));
    if (hit.page) where.push(this.#label("source_page", { page: String(hit.page) }));
    return element(
      "li",
      { part: "hit" },
      element("p", { part: "name" }, link),
      element("p", { part: "snippet", lang: "zh-CN" }, ...snippet(hit.text, hit.spans), ` ${hit.lead}`),
      element("p", { part: "where", text: where.join(" · ") }),
    );
  }

  async #fail(error, retry) {
    this.#results.replaceChildren();
    this.#end.replaceChildren(button("retry", this.#label("retry"), retry));
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
    this.#input.focus();
  };

  // Check origin, policy, token and filters, and show the result.
  async #diagnose() {
    try {
      const { paragraphs } = await this.#ask("status");
      const { warnings } = await this.#ask("facets", this.#parameters("的"));
      this.#status.textContent = warnings.join(" ") || this.#label("all_well", { paragraphs });
    } catch (error) {
      this.#showError(await explain(error, this.#label));
    }
  }
}

if (!customElements.get("report-search")) customElements.define("report-search", ReportSearch);
