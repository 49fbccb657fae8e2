import { combobox } from "../js/combobox.js";
import { element } from "../js/element.js";

// Return a search box: its form and input, and functions that set its texts and close its list of
// suggestions. `suggest(text, signal)` fetches suggestions, `submit(query)` is called for a query.
export function searchBox(suggest, submit) {
  const input = element("input", {
    part: "input",
    type: "search",
    maxlength: MAX_QUERY_LENGTH,
    autocomplete: "off",
  });
  const button = element("button", { part: "button", type: "submit" });
  const form = element(
    "form",
    { part: "form", role: "search" },
    element("div", { part: "field" }, input),
    button,
  );
  const options = { label: "", department: "", suggest };
  const close = combobox(input, options);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = input.value.trim();
    if (query) submit(query);
  });

  function write(label, placeholder) {
    input.placeholder = placeholder ?? label("query");
    input.setAttribute("aria-label", input.placeholder);
    button.textContent = label("search");
    options.label = label("suggestions");
    options.department = label("department");
  }

  return { form, input, write, close };
}
