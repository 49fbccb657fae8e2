// The pages work without scripts. Each module improves one thing. A search replaces the content of
// <main>, so `enhance` is called again for each new <main>.

import { combobox } from "./combobox.js";
import { copying } from "./copying.js";
import { facets } from "./facets.js";
import { keys } from "./keys.js";
import { refreshing } from "./refreshing.js";
import { returning } from "./returning.js";
import { stepping } from "./stepping.js";

function enhance(main) {
  copying(main);
  facets(main);
  returning(main);
  stepping(main);
}

combobox(document.querySelector(".combobox"));
keys();
refreshing(enhance);
enhance(document.querySelector("main"));
