// Send the height of this page to the embedding page, so that it can fit its iframe.

function postHeight() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  // To any origin: the height is not secret, and frame-ancestors limits who may embed the page.
  parent.postMessage({ type: "report-search:height", height }, "*");
}

new ResizeObserver(postHeight).observe(document.documentElement);
postHeight();
