// The style sheet of the shadow root. Pages change it by the documented properties and parts.
// It is a constructed sheet, so a policy of the page on styles does not concern it.

// A property has the name of the first version too: --report-search-accent.
const property = (name, standard) =>
  `var(--baocha-${name}, var(--report-search-${name}, ${standard}))`;

const DARK = `color: ${property("ink", "#e4e6e4")}; color-scheme: dark; background: var(--_paper);
  --_accent: ${property("accent", "#7fc4d3")}; --_paper: ${property("paper", "#1e2224")};
  --_soft: ${property("soft", "#a2aaad")}; --_line: ${property("line", "#6c7478")};
  --_mark: ${property("mark", "#6b5410")};`;

const STYLE = `
:host { display: block; font-family: ${property("font", "inherit")}; line-height: 1.6;
  color: ${property("ink", "#1c1f21")}; --_accent: ${property("accent", "#1b6373")};
  --_paper: ${property("paper", "#fff")}; --_line: ${property("line", "#8a9194")};
  --_soft: ${property("soft", "#5b6266")}; --_mark: ${property("mark", "#ffe9a3")};
  --_measure: ${property("measure", "42em")}; --_radius: ${property("radius", "4px")};
  color-scheme: light; text-align: start; }
:host([hidden]) { display: none; }
:host([theme="dark"]) { ${DARK} }
@media (prefers-color-scheme: dark) { :host([theme="auto"]) { ${DARK} } }
* { box-sizing: border-box; }
form { display: flex; margin: 0; }
.field { flex: 1; min-width: 0; position: relative; }
input { width: 100%; font: inherit; font-size: max(16px, 1em); color: inherit; background: var(--_paper);
  padding: .4em .7em; border: 1px solid var(--_line); border-radius: var(--_radius) 0 0 var(--_radius); }
button { font: inherit; cursor: pointer; }
.button { color: var(--_paper); background: var(--_accent); border: 1px solid var(--_accent);
  padding: .4em 1.1em; border-radius: 0 var(--_radius) var(--_radius) 0; white-space: nowrap; }
.more, .retry, .close { color: var(--_accent); background: none; border: 0; padding: .3em 0; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
ul, ol { list-style: none; margin: 0; padding: 0; }
.suggestions { position: absolute; z-index: 1; top: 100%; left: 0; right: 0;
  background: var(--_paper); border: 1px solid var(--_line); }
.suggestion { display: flex; justify-content: space-between; gap: 1em; padding: .2em .7em; cursor: pointer; }
.suggestion[aria-selected="true"] { outline: 2px solid var(--_accent); outline-offset: -2px; }
.filter { display: inline-block; margin: .5em 1em 0 0; }
select { font: inherit; font-size: max(16px, 1em); color: inherit; background: var(--_paper);
  border: 1px solid var(--_line); border-radius: var(--_radius); max-width: 14em; }
.status, .where { color: var(--_soft); font-size: .9em; margin: .4em 0; }
.status:empty { margin: 0; }
.hit { display: flex; gap: .8em; padding: .8em 0; border-top: 1px solid var(--_line); overflow-wrap: anywhere;
  unicode-bidi: isolate; }
.number { color: var(--_soft); font-size: .9em; min-width: 1.6em; padding-top: .1em;
  font-variant-numeric: tabular-nums; }
.content { flex: 1; min-width: 0; }
.content p { margin: 0; unicode-bidi: isolate; }
.title { font-weight: 600; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
  overflow: clip; overflow-clip-margin: 4px; }
.content .where { margin: .1em 0 .3em; }
.snippet { max-width: var(--_measure); line-height: 1.8; }
.lead { color: var(--_soft); }
.link { color: var(--_accent); }
table { border-collapse: collapse; font-size: .95em; font-variant-numeric: tabular-nums; margin: .2em 0; }
th, td { border: 1px solid var(--_line); padding: .15em .6em; text-align: start; vertical-align: top;
  unicode-bidi: isolate; min-width: 3em; }
th { color: var(--_soft); font-weight: 400; vertical-align: bottom; }
.figure { text-align: end; }
.hit-cell { outline: 2px solid var(--_accent); outline-offset: -2px; }
/* Below 40rem each cell is a line, with its head before it. */
@media (width < 40rem) {
  table:has([data-head]), table:has([data-head]) :is(tbody, tbody tr, td) { display: block; text-align: start; }
  td[data-head]::before { content: attr(data-head) "\\2002"; color: var(--_soft); }
  table:has([data-head]) thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
}
mark { background: var(--_mark); color: inherit; }
@media (forced-colors: active) { mark { background: Mark; color: MarkText; } }
dialog { width: min(44rem, 100% - 2rem); min-height: min(24rem, 80vh); max-height: 80vh; overflow-y: auto;
  color: inherit; background: var(--_paper); border: 1px solid var(--_line); padding: 1rem; }
.close { margin-top: .6em; }
`;

export const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
