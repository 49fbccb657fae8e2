// The pages work without scripts. Each module improves one thing. A search replaces the content of
// <main>, so `enhance` is called again for each new <main>.

import { collecting, startCollecting } from "./basket/collect.js";
import { panel } from "./basket/panel.js";
import { paper } from "./basket/paper.js";
import { combobox } from "./combobox.js";
import { copying } from "./copying.js";
import { followPointer } from "./current.js";
import { downloads } from "./downloads.js";
import { drawers } from "./drawers.js";
import { facets } from "./facets.js";
import { keys, onKey } from "./keys.js";
import { original } from "./original.js";
import { plots } from "./plots.js";
import { reading } from "./reading.js";
import { refreshing } from "./refreshing.js";
import { modes, results } from "./results.js";
import { remembering, searches } from "./searches.js";
import { settings } from "./settings.js";
import { termLists } from "./termlists.js";

function enhance(main) {
  copying(main);
  facets(main);
  followPointer(main);
  results(main);
  reading(main);
  original(main);
  collecting(main);
  paper(main);
  remembering(main);
  searches(main);
  termLists(main);
  plots(main);
  document.dispatchEvent(new CustomEvent("baocha:page"));
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
keys();
onKey("/", () => {
  input.focus();
  input.select();
});
downloads();
drawers();
settings();
modes();
panel();
refreshing(enhance);
enhance(document.querySelector("main"));
startCollecting();
