// Copy the citation of a paragraph, or the code to embed. Over plain HTTP, as on many intranets,
// browsers have no navigator.clipboard; the old command still works there.

export function copying(main) {
  for (const button of main.querySelectorAll("button.copies")) {
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      const copied = button.closest(".code, .hit, .one").querySelector(".citation, code");
      if (await copy(copied.textContent)) {
        button.textContent = button.dataset.done;
        setTimeout(() => (button.textContent = label), 2000);
      } else {
        getSelection().selectAllChildren(copied);
      }
    });
  }
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not permitted; the old command may be.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  field.readOnly = true;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
