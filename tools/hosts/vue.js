// A page made with Vue that renders the elements and changes their attributes.

import { createApp, h, reactive, ref } from "vue";

const attributes = reactive({ query: "提质增效", limit: 2, hotkey: true });
const total = ref(0);
// The check calls this.
window.change = (changes) => Object.assign(attributes, changes);

createApp({
  render: () =>
    h("main", [
      h("baocha-search", {
        id: "found",
        ...attributes,
        "onBaocha-search:results": (event) => {
          total.value = event.detail.total;
        },
      }),
      h("baocha-box", { target: "found" }),
      h("output", total.value),
    ]),
}).mount(document.body.appendChild(document.createElement("div")));
