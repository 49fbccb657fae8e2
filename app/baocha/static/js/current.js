// The current hit, or the current paragraph of a report: the one that the keys act on.

export const UNITS = ".hit, .paragraph, .paragraph-row";
let current = null;

// Return the current element of the page, or null.
export function currentUnit() {
  return current?.isConnected ? current : null;
}

export function setCurrent(unit, { scroll = true } = {}) {
  if (unit === currentUnit()) return;
  current?.classList.remove("current");
  current = unit;
  unit?.classList.add("current");
  if (unit && scroll) unit.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new CustomEvent("baocha:current", { detail: unit }));
}

// A click or the focus inside a hit or a paragraph makes it current.
export function followPointer(main) {
  for (const name of ["click", "focusin"]) {
    main.addEventListener(name, (event) => {
      const unit = event.target.closest(UNITS);
      if (unit) setCurrent(unit, { scroll: false });
    });
  }
}
