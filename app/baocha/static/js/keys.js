// The / key goes to the search box, unless it is turned off on the help page; a shortcut of
// one character must be (WCAG 2.2, 2.1.4).

const OFF = "baocha-no-slash";

export function keys() {
  const input = document.querySelector("#q");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select") || areOff()) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  const choice = document.querySelector(".slash");
  if (!choice) return;
  choice.hidden = false;
  const box = choice.querySelector("input");
  box.checked = !areOff();
  box.addEventListener("change", () => store(OFF, box.checked ? "" : "1"));
}

// Whether somebody has turned the shortcuts of one character off.
export function areOff() {
  return stored(OFF) !== null;
}

// A browser that is told to keep nothing throws; then nothing is kept.
function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    return;
  }
}
