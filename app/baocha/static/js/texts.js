// The texts of the scripts. The page has them in its language, from the one catalogue of texts.

const TEXTS = JSON.parse(document.body.dataset.texts);

// Return a text with its fields filled in: t("basket_count", { count: 3 }).
export function t(key, values = {}) {
  return TEXTS[key].replace(/{(\w+)}/g, (_, name) => values[name]);
}
