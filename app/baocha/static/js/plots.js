// Save a plot as PNG: the browser draws the SVG file of the server, at twice its size.

import { attempt } from "./announce.js";
import { StoreError } from "./basket/store.js";
import { element } from "./element.js";
import { t } from "./texts.js";

const SCALE = 2;

async function save(button) {
  const image = new Image();
  image.src = button.dataset.source;
  await image.decode().catch(() => {
    throw new StoreError(t("server_unreachable"));
  });
  const canvas = element("canvas");
  canvas.width = SCALE * Number(button.dataset.width);
  canvas.height = SCALE * Number(button.dataset.height);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const content = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const link = element("a", { download: "baocha.png" });
  link.href = URL.createObjectURL(content);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export function plots(main) {
  for (const button of main.querySelectorAll("button.png")) {
    button.hidden = false;
    button.addEventListener("click", () => attempt(() => save(button)));
  }
}
