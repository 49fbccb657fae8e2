// The settings in the menu: text size and colours. `static/settings.js` applies them to each page.

export function settings() {
  const panel = document.querySelector(".settings");
  panel.hidden = false;
  const root = document.documentElement;
  const buttons = [...panel.querySelectorAll("button")];

  function show() {
    for (const button of buttons) {
      const isChosen = (root.dataset[button.dataset.setting] ?? "") === button.value;
      button.setAttribute("aria-pressed", isChosen);
      button.toggleAttribute("aria-current", isChosen);
    }
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const { setting } = button.dataset;
      if (button.value) root.dataset[setting] = button.value;
      else delete root.dataset[setting];
      try {
        localStorage.setItem(`baocha-${setting}`, button.value);
      } catch {
        // Storage is disabled: the setting is valid for this page.
      }
      show();
    });
  }
  show();
}
