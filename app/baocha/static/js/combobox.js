// Suggestions below the search box: the combobox of the ARIA Authoring Practices, with a list
// popup. The focus stays in the input.

const PAUSE_MS = 120;

export function combobox(box) {
  const input = box.querySelector("input");
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label);
  box.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let typed = input.value;
  let chosen = -1;
  let timer = 0;
  let asked = null;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const options = [...list.children];
    chosen = index;
    for (const [at, option] of options.entries())
      option.setAttribute("aria-selected", String(at === index));
    if (index < 0) {
      input.value = typed;
      input.removeAttribute("aria-activedescendant");
    } else {
      input.value = options[index].dataset.query;
      input.setAttribute("aria-activedescendant", options[index].id);
    }
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(optionOf));
    list.hidden = suggestions.length === 0;
    chosen = -1;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function optionOf(suggestion, index) {
    const option = document.createElement("li");
    option.id = `suggestion-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.query = suggestion.query;
    const text = document.createElement("span");
    const label = suggestion.kind === "department" ? `${box.dataset.department} · ` : "";
    text.textContent = label + suggestion.text;
    const count = document.createElement("span");
    count.className = "count";
    count.textContent = suggestion.count.toLocaleString("en");
    option.append(text, " ", count);
    // Use mousedown: the click event comes after the input has lost the focus.
    option.addEventListener("mousedown", (event) => {
      if (event.button) return;
      event.preventDefault();
      choose(index);
      submit();
    });
    return option;
  }

  function submit() {
    close();
    input.form.requestSubmit();
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    try {
      // Send the filters of the form, so that counts respect them.
      const parameters = new URLSearchParams(new FormData(input.form));
      parameters.set("q", typed);
      const answer = await fetch(`${box.dataset.suggest}?${parameters}`, { signal: asked.signal });
      show(answer.ok ? await answer.json() : []);
    } catch (error) {
      // Aborted by newer input, or the server is not reachable: show no suggestions.
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", (event) => {
    typed = input.value;
    clearTimeout(timer);
    // During composition by an input method, the text is not final.
    if (event.isComposing) return;
    if (typed.trim()) timer = setTimeout(ask, PAUSE_MS);
    else close();
  });
  input.addEventListener("compositionend", () => {
    typed = input.value;
    clearTimeout(timer);
    if (typed.trim()) timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    // Browsers report 229 for keys that the input method uses, such as Enter.
    if (event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" && last >= 0) {
      event.preventDefault();
      choose(chosen === last ? -1 : chosen + 1);
    } else if (event.key === "ArrowUp" && last >= 0) {
      event.preventDefault();
      choose(chosen === -1 ? last : chosen - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      choose(-1);
      close();
    } else if (event.key === "Enter") {
      close();
    }
  });
  input.addEventListener("blur", close);
}
