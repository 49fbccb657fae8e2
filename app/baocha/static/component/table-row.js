// The hit in a row of a table, as a table: heads and units above the cells.

import { element } from "../js/element.js";
import { snippet } from "./snippet.js";

// `CELL_SEPARATOR` of baocha_indexer/model.py.
const SEPARATOR = " | ";
const MAX_CELLS = 12;
const NUMBER = /^[-+−(（]?[\d,.，]+\s*[%％‰]?[)）]?$/;

// Return the table, or null if the text of the hit is not a row of cells.
export function tableRow(hit) {
  if (hit.role !== "table" || !hit.text.includes(SEPARATOR)) return null;
  const cells = cellsOf(hit);
  const below = hit.lead.split(SEPARATOR);
  // The row is a header row if nothing is known of its cells; then the next row is its lead.
  const isHeader = !hit.cells.length && below.length === cells.length;
  if (hit.lead && !isHeader) return null;
  const rows = [];
  if (cells.some(({ head, unit }) => head || unit)) {
    const heads = shownOf(cells, (cell) => headOf(cell));
    rows.push(element("thead", {}, element("tr", { role: "row" }, ...heads)));
  }
  const tag = isHeader ? "th" : "td";
  const marked = shownOf(cells, (cell) => cellOf(tag, cell));
  const row = element("tr", { role: "row" }, ...marked);
  if (isHeader) rows.push(element("thead", {}, row));
  else rows.push(element("tbody", {}, row));
  if (isHeader) {
    const values = shownOf(cells, (cell, at) =>
      cellOf("td", { ...cell, text: below[at], spans: [] }),
    );
    rows.push(element("tbody", {}, element("tr", { role: "row" }, ...values)));
  }
  return element("table", { part: "row", role: "table", lang: "zh-CN" }, ...rows);
}

// Return the cells with text, each with its head, its unit, and its spans in characters.
function cellsOf(hit) {
  const cells = [];
  let start = 0;
  for (const text of hit.text.split(SEPARATOR)) {
    const length = [...text].length;
    const spans = hit.spans
      .map(([first, last]) => [Math.max(first - start, 0), Math.min(last - start, length)])
      .filter(([first, last]) => first < last);
    start += length + SEPARATOR.length;
    if (!text) continue; // `cells` leaves out empty cells too
    const known = hit.cells[cells.length];
    const { head = "", unit = "" } = known?.text === text ? known : {};
    const isShown = head.includes(unit) || text.includes(unit); // also an empty unit
    cells.push({ text, head, unit: isShown ? "" : `（${unit}）`, spans });
  }
  return cells;
}

// Show the first cell, which names the row, and those around the first hit.
function shownOf(cells, show) {
  const hit = Math.max(
    1,
    cells.findIndex(({ spans }) => spans.length),
  );
  const last = Math.max(MAX_CELLS, Math.min(cells.length, hit + MAX_CELLS / 2));
  const first = Math.max(1, last - MAX_CELLS + 1);
  const shown = cells.map((cell, at) => [cell, at]);
  return [...shown.slice(0, 1), ...shown.slice(first, last)].map(([cell, at]) => show(cell, at));
}

function headOf({ text, head, unit }) {
  const attributes = { part: `head${numberPart(text)}`, role: "columnheader", scope: "col" };
  return element("th", attributes, head, element("span", { part: "unit", text: unit }));
}

function numberPart(text) {
  return NUMBER.test(text) ? " figure" : "";
}

function cellOf(tag, { text, head, unit, spans }) {
  const isHead = tag === "th";
  const attributes = {
    part: `${isHead ? "head" : "cell"}${numberPart(text)}${spans.length ? " hit-cell" : ""}`,
    role: isHead ? "columnheader" : "cell",
  };
  // On a narrow screen each cell has its own line, with its head before it.
  if (head || unit) attributes["data-head"] = head + unit;
  return element(tag, attributes, ...snippet(text, spans));
}
