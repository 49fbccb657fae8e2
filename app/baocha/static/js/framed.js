// Tell the page around how high this one is, so that it can fit its iframe.

function tell() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  // To whoever embeds it: the height of a page is no secret, and frame-ancestors says who may.
  parent.postMessage({ type: "report-search:height", height }, "*");
}

new ResizeObserver(tell).observe(document.documentElement);
tell();
