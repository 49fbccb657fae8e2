// The link back from a report leads to the hit that was opened.

export function returning(main) {
  const back = main.querySelector("a.back");
  const paragraph = /^#p(\d+)$/.exec(location.hash);
  if (back && paragraph) back.hash = `hit-${back.dataset.report}-${paragraph[1]}`;
}
