// Exports: a bar is shown while the server writes the file, and an error is a message on the page.
// Without scripts, the same links and buttons load the file or an error page.

import { announceWork, attempt } from "./announce.js";
import { StoreError } from "./basket/store.js";
import { element } from "./element.js";
import { t } from "./texts.js";

// Request a file and save it under the name that the server sends. Throws StoreError with the reason if
// there is no file.
export async function download(address, { method = "GET", body } = {}) {
  const finish = announceWork(t("writing_file"));
  try {
    const headers = { Accept: "application/json" }; // a refusal is JSON
    const answer = await fetch(address, { method, body, headers }).catch(() => null);
    if (!answer) throw new StoreError(t("server_unreachable"));
    if (!answer.ok) {
      const reason = await answer.json().catch(() => null);
      throw new StoreError(reason?.error ?? t("server_unreachable"));
    }
    const content = await answer.blob().catch(() => null);
    if (!content) throw new StoreError(t("server_unreachable"));
    const link = element("a", { download: nameOf(answer) });
    link.href = URL.createObjectURL(content);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  } finally {
    finish();
  }
}

function nameOf(answer) {
  const header = answer.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  return encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)/i.exec(header)?.[1] ?? "");
}

// Download the files of links and buttons with `data-export`.
export function downloads() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-export]");
    if (!link || event.button) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const menu = link.closest("details");
    if (menu) menu.open = false;
    attempt(() => download(link.href));
  });
  document.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (!submitter?.matches("[data-export]")) return;
    event.preventDefault();
    const values = new FormData(event.target, submitter);
    const address = new URL(submitter.formAction);
    if (submitter.form.method === "post") {
      attempt(() => download(address, { method: "POST", body: values }));
      return;
    }
    address.search = new URLSearchParams(values);
    attempt(() => download(address));
  });
}
