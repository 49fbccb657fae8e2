// Saved lists of terms for the comparison. A long list is posted: it is too long for an address.

import { announceText, attempt } from "./announce.js";
import { hash } from "./basket/baskets.js";
import { change, list } from "./basket/store.js";
import { element } from "./element.js";
import { t } from "./texts.js";

const PREFIX = "terms~";
const LONG = 700; // characters. One has 9 bytes in an address, and many proxies refuse 8,000.

export async function termLists(main) {
  const area = main.querySelector("textarea#terms");
  if (!area) return;
  area.form.addEventListener("submit", () => {
    if (area.value.length > LONG) area.form.method = "post";
  });
  const choice = element("select", { "aria-label": t("term_lists") });
  const save = element("button", { type: "button", text: t("save_terms") });
  const remove = element("button", { type: "button", text: t("remove_terms") });
  area.after(element("p", { class: "buttons" }, choice, save, remove));

  async function fill(chosen = "") {
    const records = await list("setting", PREFIX);
    const options = records.map(({ key, value }) => {
      const option = element("option", { value: key, text: value.name });
      option.selected = key === chosen;
      return option;
    });
    choice.replaceChildren(element("option", { value: "", text: t("term_lists") }), ...options);
    remove.disabled = !choice.value;
  }
  choice.addEventListener("change", () =>
    attempt(async () => {
      remove.disabled = !choice.value;
      const [record] = choice.value ? await list("setting", choice.value) : [];
      if (record) area.value = record.value.terms;
    }),
  );
  save.addEventListener("click", () =>
    attempt(async () => {
      const terms = area.value.trim();
      if (!terms) return;
      const first = terms.split("\n")[0].trim();
      const name = t("term_list_name", { first, count: terms.split("\n").length });
      const key = PREFIX + hash(terms);
      await change([{ kind: "setting", key, value: { name, terms } }]);
      announceText(t("terms_saved", { name }));
      await fill(key);
    }),
  );
  remove.addEventListener("click", () =>
    attempt(async () => {
      await change([{ kind: "setting", key: choice.value, value: null }]);
      await fill();
    }),
  );
  await attempt(fill);
}
