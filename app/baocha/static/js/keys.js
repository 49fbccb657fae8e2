// The / key moves the focus to the search box. It can be turned off on the help page, as WCAG 2.2
// (2.1.4) requires for shortcuts of one character.

const OFF = "baocha-no-slash";

export function keys(input) {
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

// Return whether the user has turned off shortcuts of one character.
export function areOff() {
  return stored(OFF) !== null;
}

// If storage is disabled, the browser throws an error and the choice is not saved.
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
