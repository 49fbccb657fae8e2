// Fetch a paragraph from the server as an item of a basket.

import { StoreError } from "./basket/store.js";
import { t } from "./texts.js";

const { base } = document.documentElement.dataset;

// Return “report#ordinal” of a hit or of a paragraph in the reading view.
export function unitId(unit) {
  const report = unit.dataset.report ?? unit.closest("[data-report]")?.dataset.report;
  return report && `${report}#${unit.dataset.ordinal}`;
}

// Return the item. Throws StoreError if the server cannot be reached or has no such paragraph.
export async function itemOf(unit) {
  const [report, ordinal] = unitId(unit).split("#");
  const address = `${base}reports/${encodeURIComponent(report)}/paragraphs/${ordinal}/item`;
  const headers = { Accept: "application/json" };
  const answer = await fetch(address + location.search, { headers }).catch(() => null);
  if (!answer?.ok) throw new StoreError(t("store_unreachable"));
  return answer.json();
}
