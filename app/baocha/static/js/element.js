// Return a new element with attributes and children. A part also becomes a class, so that the
// style sheet here can select what `::part()` selects from outside.
export function element(tag, { part, text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (part) Object.assign(attributes, { part, class: part });
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...(text === undefined ? children : [text]));
  return made;
}
