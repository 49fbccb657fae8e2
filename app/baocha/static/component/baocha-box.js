// The element <baocha-box>: only a search box. A query opens the search page, or the <baocha-search>
// whose id is its target shows the results.

import { ATTRIBUTES } from "./attributes.js";
import { BaochaSearch } from "./baocha-search.js";

const NOT_OF_BOX = ["mode", "limit"];

export class BaochaBox extends BaochaSearch {
  static observedAttributes = ATTRIBUTES.filter((name) => !NOT_OF_BOX.includes(name));
  static isBox = true;
}
