// One hit: its number, the title of its report, where it is, and its text.

import { element } from "../js/element.js";
import { snippet } from "./snippet.js";
import { tableRow } from "./table-row.js";

// `link` is the link to the report, without its text.
export function card(hit, number, link, label) {
  const { title, department, year, kind } = hit.report;
  link.textContent = title;
  const where = [
    department,
    year ?? label("unknown_year"),
    kind,
    hit.section_path.join(" › "),
    hit.page && label("source_page", { page: String(hit.page) }),
    hit.place.sheet && label("source_sheet", { sheet: hit.place.sheet }),
  ];
  return element(
    "li",
    { part: "hit" },
    element("span", { part: "number", text: number.toLocaleString("en") }),
    element(
      "div",
      { part: "content" },
      element("p", { part: "title", lang: "zh-CN" }, link),
      element("p", { part: "where", text: where.filter(Boolean).join(" · ") }),
      tableRow(hit) ??
        element(
          "p",
          { part: "snippet", lang: "zh-CN" },
          ...snippet(hit.text, hit.spans),
          hit.lead && element("span", { part: "lead", text: ` ${hit.lead}` }),
        ),
    ),
  );
}
