// A box above a long facet that hides the values that do not contain the typed text.

export function facets(main) {
  for (const facet of main.querySelectorAll(".facet")) {
    const label = facet.querySelector(".find");
    if (!label) continue;
    label.hidden = false;
    const input = label.querySelector("input");
    input.addEventListener("input", () => {
      const typed = input.value.trim().toLowerCase();
      for (const item of facet.querySelectorAll("li")) {
        item.hidden = !item.textContent.toLowerCase().includes(typed);
      }
    });
    // The box is not in a form, so Enter has no effect.
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault(); // a drawer stays open
        input.value = "";
        input.dispatchEvent(new Event("input"));
      }
    });
  }
}
