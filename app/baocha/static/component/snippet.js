import { element } from "../js/element.js";

// The number of characters shown before the first match.
const LEAD = 40;

// Return the part of a paragraph around its first match, as nodes: report text is never parsed as
// HTML.
export function snippet(text, spans) {
  const characters = [...text]; // spans count characters, not UTF-16 units
  const first = spans.length ? Math.max(0, spans[0][0] - LEAD) : 0;
  const last = Math.max(first + MAX_SNIPPET, spans.length ? spans[0][1] : 0);
  const slice = (start, end) => characters.slice(start, end).join("");
  const nodes = [first > 0 ? "…" : ""];
  let at = first;
  for (const [start, end] of spans) {
    if (start < at || end > last) continue;
    nodes.push(slice(at, start), element("mark", { part: "mark", text: slice(start, end) }));
    at = end;
  }
  nodes.push(slice(at, last), last < characters.length ? "…" : "");
  return nodes;
}
