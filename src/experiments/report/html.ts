// A report as one self-contained page: nothing is loaded, nothing runs, and it is read on a phone, on a desk and on paper.
import { createHash } from 'node:crypto';
import type { Analysis } from '../analysis.ts';
import { courseFigure } from './html-course.ts';
import { plotFigure } from './html-plot.ts';
import { STYLE } from './html-style.ts';
import { looksSection, resultsSection, toldTable } from './html-tables.ts';
import { type Html, html, NOTHING, nameText, prose, said, saidPlain, text } from './html-text.ts';
import type { Sentence } from './sentence.ts';
import { type Told, toldOf } from './told.ts';

/** The page's own style is all that it may use. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The whole page. */
export function reportHtml(analysis: Analysis): string {
  const told = toldOf(analysis);
  const { experiment, environment } = analysis;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${text(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${nameText(experiment)} in ${nameText(environment)}: ${saidPlain(told.headline)}</title>
<link rel="icon" href="data:,">
<style>${STYLE as Html}</style>
</head>
<body>
<main>
${verdictPart(told)}${bodyOf(told, analysis)}${computedPart(told)}</main>
<footer>Made by Halyard from the analysis of ${nameText(analysis.at)}. Revision ${text(String(analysis.revision))}.</footer>
</body>
</html>
`;
}

function verdictPart({ headline, tone, subject, hypothesis, owner, alerts, facts }: Told): Html {
  const whose = owner === undefined ? NOTHING : html`, owned by ${nameText(owner)}`;
  const why = hypothesis === undefined ? NOTHING : html`<p>Hypothesis: ${text(hypothesis)}</p>\n`;
  const warnings = alerts.map(
    (alert) => html`<p class="alert ${text(alert.tone)}">${said(alert.sentence)}</p>\n`,
  );
  return html`<header class="verdict ${text(tone)}">
<p class="subject">${said(subject)}${whose}</p>
<h1>${said(headline)}</h1>
${warnings}${facts.map((fact) => html`<p>${said(fact)}</p>\n`)}${why}</header>
`;
}

function bodyOf(told: Told, analysis: Analysis): Html {
  const split = html`<section aria-labelledby="split"><h2 id="split">Split</h2>
${toldTable('Units of each arm.', told.split)}${list(told.split.sentences)}</section>
`;
  if (told.split.isBroken) {
    return html`${split}<p><strong>The results are not shown: with a broken split they would mislead.</strong></p>\n`;
  }
  const mind = html`<section aria-labelledby="mind"><h2 id="mind">Mind</h2>
${list(told.notes)}</section>
`;
  const parts = [
    plotFigure(told.metrics),
    resultsSection(told),
    told.notes.length === 0 ? NOTHING : mind,
    courseFigure(analysis),
    looksSection(told),
    split,
  ];
  return html`${parts}`;
}

function list(sentences: readonly Sentence[]): Html {
  return html`<ul>
${sentences.map((sentence) => html`<li>${said(sentence)}</li>\n`)}</ul>
`;
}

function computedPart({ plan, methods, split, next }: Told): Html {
  const own = methods.map(({ metrics, lines }) => {
    const names = metrics.map(
      (metric, index) => html`${text(index === 0 ? '' : ', ')}<b>${nameText(metric)}</b>`,
    );
    return html`<li>${names}: ${prose(lines.join('; '))}</li>\n`;
  });
  const then = next === undefined ? NOTHING : html`<p>Next: <code>${text(next)}</code></p>\n`;
  return html`<section aria-labelledby="method"><h2 id="method">How it was computed</h2>
<ul>
${plan.map((sentence) => html`<li>${said(sentence)}</li>\n`)}${split.isBroken ? NOTHING : own}</ul>
${then}</section>
`;
}
