// A page made with React that renders the elements and changes their attributes.

import { createElement, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

function Host() {
  const [attributes, setAttributes] = useState({ query: "提质增效", limit: 2, hotkey: true });
  const [total, setTotal] = useState(0);
  // The check calls this.
  window.change = (changes) => flushSync(() => setAttributes({ ...attributes, ...changes }));
  return createElement(
    "main",
    {},
    createElement("baocha-search", {
      id: "found",
      ...attributes,
      "onbaocha-search:results": (event) => setTotal(event.detail.total),
    }),
    createElement("baocha-box", { target: "found" }),
    createElement("output", {}, total),
  );
}

createRoot(document.body.appendChild(document.createElement("div"))).render(createElement(Host));
