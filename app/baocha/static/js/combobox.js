// Suggestions below a search box: the combobox of the ARIA Authoring Practices, with a list popup.
// The focus stays in the input. The pages and <baocha-search> use it.

import { element } from "./element.js";

const PAUSE_MS = 120;

let lists = 0;

// `options.suggest(text, signal)` fetches the suggestions for a text. `options.label` is the name of
// the list, `options.department` the prefix of a suggested filter; both may change later. Returns a
// function that closes the list.
export function combobox(input, options) {
  lists += 1;
  const list = element("ul", {
    part: "suggestions",
    id: `suggestions-${lists}`, // one page or shadow root may have several lists
    role: "listbox",
  });
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);

  let typed = input.value;
  let chosen = -1;
  let timer = 0;
  let request = null;

  function show(suggestions) {
    list.setAttribute("aria-label", options.label);
    list.replaceChildren(...suggestions.map(optionOf));
    list.hidden = !suggestions.length;
    chosen = -1;
    input.setAttribute("aria-expanded", !list.hidden);
    input.removeAttribute("aria-activedescendant");
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    show([]);
  }

  function choose(index) {
    chosen = index;
    for (const [place, option] of [...list.children].entries())
      option.setAttribute("aria-selected", place === index);
    const option = list.children[index];
    input.value = option?.dataset.query ?? typed;
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function optionOf(suggestion, index) {
    const prefix = suggestion.kind === "department" ? `${options.department} · ` : "";
    const option = element(
      "li",
      {
        part: "suggestion",
        id: `${list.id}-${index}`,
        role: "option",
        "aria-selected": "false",
        "data-query": suggestion.query,
      },
      element("span", { part: "completion", text: prefix + suggestion.text }),
      " ",
      element("span", { part: "count", text: suggestion.count.toLocaleString("en") }),
    );
    // Use mousedown: the click event comes after the input has lost the focus.
    option.addEventListener("mousedown", (event) => {
      if (event.button) return;
      event.preventDefault();
      choose(index);
      input.form.requestSubmit();
    });
    return option;
  }

  async function ask() {
    request?.abort();
    request = new AbortController();
    const { signal } = request;
    try {
      const suggestions = await options.suggest(typed, signal);
      if (!signal.aborted) show(suggestions);
    } catch {
      // Show no suggestions. If the server cannot be reached, the search says so.
      if (!signal.aborted) close();
    }
  }

  function askLater() {
    typed = input.value;
    clearTimeout(timer);
    if (typed.trim()) timer = setTimeout(ask, PAUSE_MS);
    else close();
  }

  // During composition by an input method, the text is not final.
  input.addEventListener("input", (event) => {
    if (event.isComposing) clearTimeout(timer);
    else askLater();
  });
  input.addEventListener("compositionend", askLater);
  input.addEventListener("keydown", (event) => {
    // Browsers report 229 for keys that the input method uses, such as Enter.
    if (event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !list.hidden) {
      event.preventDefault();
      // Above the first option, the arrow keys return to the typed text.
      const places = list.children.length + 1;
      choose(((chosen + 1 + step + places) % places) - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      choose(-1);
      close();
    }
  });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  close();
  return close;
}
