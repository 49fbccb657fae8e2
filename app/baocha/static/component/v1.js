import { BaochaBox } from "./baocha-box.js";
import { BaochaSearch } from "./baocha-search.js";

// The name of the first version. Pages that use it keep working: attributes, parts, properties, and
// events, whose names begin with the name of the element.
class ReportSearch extends BaochaSearch {}

const ELEMENTS = {
  "baocha-search": BaochaSearch,
  "baocha-box": BaochaBox,
  "report-search": ReportSearch,
};
for (const [name, element] of Object.entries(ELEMENTS)) {
  // A page may load two copies of this script; the first defines the elements.
  if (!customElements.get(name)) customElements.define(name, element);
}
