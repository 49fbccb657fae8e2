// The pages work without scripts. Each module improves one thing. A search replaces the content of
// <main>, so `enhance` is called again for each new <main>.

import { combobox } from "./combobox.js";
import { copying } from "./copying.js";
import { facets } from "./facets.js";
import { keys } from "./keys.js";
import { refreshing } from "./refreshing.js";
import { returning } from "./returning.js";
import { settings } from "./settings.js";
import { stepping } from "./stepping.js";

function enhance(main) {
  copying(main);
  facets(main);
  returning(main);
  stepping(main);
}

const input = document.querySelector("#q");
const { label, department, suggest } = document.querySelector(".combobox").dataset;
combobox(input, {
  label,
  department,
  async suggest(text, signal) {
    // Send the filters of the form, so that counts respect them.
    const parameters = new URLSearchParams(new FormData(input.form));
    parameters.set("q", text);
    const answer = await fetch(`${suggest}?${parameters}`, { signal });
    return answer.ok ? answer.json() : [];
  },
});
keys(input);
settings();
refreshing(enhance);
enhance(document.querySelector("main"));
