// Cut a text at its spans.

import { element } from "./element.js";

// Return a text as nodes, with each span in an element. Spans count characters, not UTF-16 units.
export function withSpans(text, spans, tag) {
  const characters = [...text];
  const slice = (start, end) => characters.slice(start, end).join("");
  const nodes = [];
  let at = 0;
  for (const [start, end] of spans) {
    nodes.push(slice(at, start), element(tag, { text: slice(start, end) }));
    at = end;
  }
  nodes.push(slice(at));
  return nodes;
}
