// How a page looks: light and dark, on a phone, on a desk and on paper. Colour never says what words do not say.

export const STYLE = `
:root { color-scheme: light; --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --faint: #eaeef2;
  --good: #116329; --bad: #a40e26; --unsure: #6b4700; --stop: #a40e26; --wash: #f6f8fa; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --paper: #0d1117; --ink: #e6edf3; --soft: #9aa4af; --line: #3a424c; --faint: #232a33;
    --good: #56d364; --bad: #ff8f87; --unsure: #e3b341; --stop: #ff8f87; --wash: #151b23; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: clamp(1.4rem, 1.1rem + 1.6vw, 2.1rem); line-height: 1.2; margin: .25rem 0 .75rem; text-wrap: balance; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 2.25rem 0 .5rem; }
p { margin: .4rem 0; max-width: 44rem; }
ul { margin: .4rem 0; padding-left: 1.2rem; max-width: 46rem; }
small { font-size: .875rem; color: var(--soft); font-weight: normal; }
code { font: .9375rem ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: var(--wash); padding: .1rem .3rem; border-radius: 3px; }
.subject, footer, caption, figcaption { color: var(--soft); font-size: .875rem; }
.verdict { border-left: 6px solid var(--unsure); background: var(--wash); padding: 1rem 1.1rem; border-radius: 0 6px 6px 0; }
.verdict.good { border-color: var(--good); } .verdict.bad { border-color: var(--bad); } .verdict.stop { border-color: var(--stop); }
.good { --tone: var(--good); } .bad { --tone: var(--bad); } .unsure { --tone: var(--unsure); } .stop { --tone: var(--stop); }
h1, .alert, .word { color: var(--tone, var(--ink)); }
.alert, .word { font-weight: 600; }
.alert::before { content: "! "; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { text-align: left; padding: .3rem .5rem; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
th { font-weight: 600; }
thead th { border-bottom: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
tbody th[scope="row"] { font-weight: normal; padding-left: .9rem; }
table.small th[scope="row"] { padding-left: 0; }
.group th { border-top: 1px solid var(--line); padding-top: .6rem; }
.role { color: var(--soft); font-size: .875rem; border: 1px solid var(--line); border-radius: 3px; padding: 0 .3rem; font-weight: normal; }
.n { text-align: right; overflow-wrap: normal; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
figure { margin: 0; }
.plot ul { list-style: none; padding: 0; margin: 0; max-width: none; }
.effect { display: grid; grid-template-columns: 13rem minmax(0, 1fr) 13.5rem; gap: 0 1.5rem; align-items: center; }
.effect .number { font-variant-numeric: tabular-nums; font-size: .9375rem; }
svg { display: block; overflow: visible; color: var(--ink); }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.tick { stroke: var(--faint); } .zero { stroke: var(--soft); } .limit { stroke: var(--bad); stroke-dasharray: 3 3; stroke-width: 1.5; }
.interval, .end { stroke: var(--tone, var(--ink)); stroke-width: 2; }
.cut path { fill: none; stroke: var(--tone, var(--ink)); stroke-width: 2; }
.estimate { fill: var(--tone, var(--ink)); stroke: var(--tone, var(--ink)); stroke-width: 2; } .estimate.open { fill: var(--paper); }
.chart { display: grid; grid-template-columns: 64px minmax(0, 1fr); padding: .75rem .5rem 0 0; }
.course .interval { stroke-width: 1.5; opacity: .45; } .joint { stroke: var(--ink); stroke-width: 1.5; }
details { margin: .5rem 0; } summary { cursor: pointer; font-size: .9375rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .75rem; }
@media screen and (max-width: 44rem) {
  body { padding: 1rem 1rem 2rem; }
  .verdict { padding: .75rem .85rem; }
  .effect { grid-template-columns: minmax(0, 1fr) auto; padding: .35rem .5rem; }
  .effect svg { grid-column: 1 / -1; grid-row: 2; }
  .axis span { display: none; } .axis svg { grid-row: 1; } .minor { display: none; }
  .cards, .cards caption, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tbody tr:not(.group) { border-top: 1px solid var(--faint); padding: .35rem 0; }
  .cards tbody th[scope="row"] { font-weight: 600; padding: 0; }
  .cards td { display: flex; justify-content: space-between; gap: 1rem; padding: .05rem 0; text-align: right; }
  .cards td::before { content: attr(data-label); color: var(--soft); text-align: left; overflow-wrap: normal; }
  .cards td.empty { display: none; }
}
@media print {
  @page { size: A4; margin: 16mm; }
  html { font-size: 10pt; }
  body { padding: 0; max-width: none; }
  h2, .group { break-after: avoid; }
  tr, li, .verdict, .course, .axis { break-inside: avoid; }
  details { display: none; }
  .verdict, .role, code { background: none; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .effect { grid-template-columns: 12rem minmax(0, 1fr) 13rem; }
}
`;
