// A click outside or Escape closes a menu. In a narrow window, the filters open as a drawer; without
// scripts, the link leads to them.

export function drawers() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const opener = event.target.closest("[data-opens]");
    const drawer = opener && document.getElementById(opener.dataset.opens);
    if (drawer?.togglePopover) {
      event.preventDefault();
      drawer.togglePopover();
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
