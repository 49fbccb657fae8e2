// The style sheet of the shadow root. Pages change it by the documented properties and parts.

const DARK = `color: var(--report-search-ink, #e4e6e4); color-scheme: dark; background: var(--_paper);
  --_accent: var(--report-search-accent, #7fc4d3); --_paper: var(--report-search-paper, #1e2224);
  --_soft: var(--report-search-soft, #a2aaad); --_mark: var(--report-search-mark, #6b5410);`;

const STYLE = `
:host { display: block; font-family: var(--report-search-font, inherit); line-height: 1.6;
  color: var(--report-search-ink, #1c1f21); --_accent: var(--report-search-accent, #1b6373);
  --_paper: var(--report-search-paper, #fff); --_line: var(--report-search-line, #8a9194);
  --_soft: var(--report-search-soft, #5b6266); --_mark: var(--report-search-mark, #ffe9a3);
  color-scheme: light; text-align: start; }
:host([hidden]) { display: none; }
:host([theme="dark"]) { ${DARK} }
@media (prefers-color-scheme: dark) { :host([theme="auto"]) { ${DARK} } }
* { box-sizing: border-box; }
form { display: flex; margin: 0; }
.field { flex: 1; min-width: 0; position: relative; }
input { width: 100%; font: inherit; font-size: max(16px, 1em); color: inherit; background: var(--_paper);
  padding: .4em .7em; border: 1px solid var(--_line); border-radius: 4px 0 0 4px; }
button { font: inherit; cursor: pointer; }
.button { color: var(--_paper); background: var(--_accent); border: 1px solid var(--_accent);
  padding: .4em 1.1em; border-radius: 0 4px 4px 0; white-space: nowrap; }
.more, .retry, .close { color: var(--_accent); background: none; border: 0; padding: .3em 0; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
ul, ol { list-style: none; margin: 0; padding: 0; }
.suggestions { position: absolute; z-index: 1; top: 100%; left: 0; right: 0;
  background: var(--_paper); border: 1px solid var(--_line); }
.suggestion { display: flex; justify-content: space-between; gap: 1em; padding: .2em .7em; cursor: pointer; }
.suggestion[aria-selected="true"] { outline: 2px solid var(--_accent); outline-offset: -2px; }
.filter { display: inline-block; margin: .5em 1em 0 0; }
select { font: inherit; font-size: max(16px, 1em); color: inherit; background: var(--_paper); border: 1px solid var(--_line);
  border-radius: 4px; max-width: 14em; }
.status, .where { color: var(--_soft); font-size: .9em; margin: .4em 0; }
.hit { padding: .6em 0; border-top: 1px solid var(--_line); overflow-wrap: anywhere; }
.link { color: var(--_accent); }
.hit p { margin: .2em 0; }
mark { background: var(--_mark); color: inherit; }
dialog { width: min(44rem, 100% - 2rem); max-height: 80vh; overflow-y: auto; color: inherit;
  background: var(--_paper); border: 1px solid var(--_line); }
`;

export const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
