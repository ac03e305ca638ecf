// A report as a comment of a pull request: the verdict, a table, and everything else folded. Always the same text for the same analysis.
import { cell, code, codeUpTo, sentence as inert } from '../../lib/markdown-text.ts';
import type { Analysis } from '../analysis.ts';
import type { Tone } from './headline.ts';
import { levelOf, type ToldArm, type ToldMetric, wordText } from './metric.ts';
import { type Sentence, spoken } from './sentence.ts';
import type { ToldTable } from './tables.ts';
import { plotCaption, plotLines } from './text-plot.ts';
import { type Told, toldOf } from './told.ts';

/** The first line: by it the one comment of a pull request is found again. */
export const MARKER = '<!-- halyard-analysis -->';

/** GitHub takes 65,536 characters. */
const LONGEST = 60_000;
/** Rows that are seen without unfolding, and lines of the plot. */
const MOST_ROWS = 12;
const MOST_LINES = 60;
/** Longer names in a cell, and sentences of others, are cut. */
const LONGEST_NAME = 60;
const LONGEST_SENTENCE = 600;
/** How a metric was computed names its test last. */
const LONGEST_METHOD = 2_000;
const PLOT_WIDTH = 90;

const SIGNS = { good: '✅', bad: '❌', stop: '⛔', unsure: '⏳' } as const satisfies Record<Tone, string>;

/** The whole comment, of at most 60,000 characters. What does not fit is left out with a sentence that says so. */
export function reportMarkdown(analysis: Analysis): string {
  const told = toldOf(analysis);
  const parts = [...tableParts(told), plotPart(told), ...foldedParts(told), nextPart(told)];
  let text = [MARKER, ...headLines(told), ''].join('\n');
  const cut = '\nThe rest would not fit here: `halyard analyze --format json` has all.\n';
  for (const part of parts) {
    if (text.length + part.length + cut.length > LONGEST) return text + cut;
    text += part;
  }
  return text;
}

function said(sentence: Sentence): string {
  return spoken(sentence, {
    words: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
    name: (text) => codeUpTo(text, LONGEST_NAME),
    foreign: (text) => inert(text, LONGEST_SENTENCE),
  });
}

function headLines({ headline, tone, subject, alerts, facts, hypothesis, owner }: Told): string[] {
  const whose = owner === undefined ? '' : `, owned by ${codeUpTo(owner, LONGEST_NAME)}`;
  return [
    `### ${SIGNS[tone]} ${said(headline)}`,
    '',
    `${said(subject)}${whose}`,
    ...(hypothesis === undefined ? [] : ['', `Hypothesis: ${inert(hypothesis, LONGEST_SENTENCE)}`]),
    ...(alerts.length === 0 ? [] : ['', ...alerts.map((alert) => `- ⚠️ **${said(alert.sentence)}**`)]),
    '',
    ...facts.map((fact) => `- ${said(fact)}`),
  ];
}

function tableParts(told: Told): string[] {
  if (told.split.isBroken) {
    const why = 'The results are not shown: with a broken split they would mislead.';
    return [`\n${toldTable(told.split)}\n`, `\n${list(told.split.sentences)}\n\n${why}\n`];
  }
  const isAdjusted = told.metrics.some((metric) => metric.isAdjusted);
  const rows = told.metrics.flatMap((metric) => metric.arms.map((arm) => resultRow(metric, arm, isAdjusted)));
  const head = tableHead(told.metrics, isAdjusted);
  const [shown, rest] = [rows.slice(0, MOST_ROWS), rows.slice(MOST_ROWS)];
  return [
    `\n${[...head, ...shown].join('\n')}\n`,
    ...(rest.length === 0 ? [] : [folded(`${rest.length} more rows`, [...head, ...rest].join('\n'))]),
  ];
}

function tableHead(metrics: readonly ToldMetric[], isAdjusted: boolean): string[] {
  const adjusted = isAdjusted ? [' adjusted p |', '--:|'] : ['', ''];
  return [
    `| Metric | Arm | Units | Value | Change | ${levelOf(metrics)} interval | p |${adjusted[0]} |`,
    `|---|---|--:|--:|--:|:-:|--:|${adjusted[1]}---|`,
  ];
}

function resultRow(metric: ToldMetric, arm: ToldArm, isAdjusted: boolean): string {
  const { baseline, role, otherLevel } = metric;
  const what = [role === 'secondary' ? '' : role, otherLevel].filter(Boolean).join(', ');
  const name = codeUpTo(metric.metric, LONGEST_NAME);
  const isStrong = arm.word !== '' && arm.word !== 'inconclusive';
  const word = isStrong ? `**${wordText(arm)}**` : wordText(arm);
  const cells = [
    what === '' ? name : `${name} (${what})`,
    codeUpTo(arm.arm, LONGEST_NAME),
    `${baseline.units} → ${arm.units}`,
    `${baseline.value} → ${arm.value}`,
    arm.change,
    arm.interval,
    ...(isAdjusted ? [arm.p] : []),
    arm.adjustedP || arm.p,
    [word, arm.missing].filter(Boolean).join(', '),
  ];
  return `| ${cells.map((text) => cell(text.replace('< ', '&lt; '))).join(' | ')} |`;
}

function toldTable({ columns, rows }: ToldTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rules = columns.map(({ isNumber }) => (isNumber ? '--:' : '---'));
  const cells = rows.map((row) => line(row.map((each) => cell(said(each)))));
  return [line(columns.map(({ title }) => title)), `|${rules.join('|')}|`, ...cells].join('\n');
}

/** In a block that nothing in it can end: names are printable, and cut. */
function plotPart({ metrics }: Told): string {
  const lines = plotLines(metrics, PLOT_WIDTH);
  if (lines.length === 0) return '';
  const shown = lines.slice(0, MOST_LINES).map((line) => line.replaceAll('`', "'"));
  const block = ['```text', ...shown, '```', '', plotCaption(metrics)].join('\n');
  return folded('Intervals', block, metrics.flatMap(({ arms }) => arms).length <= MOST_ROWS);
}

function foldedParts(told: Told): string[] {
  const methods = told.methods.map(({ metrics, lines }) => {
    const names = metrics.slice(0, MOST_ROWS).map((metric) => codeUpTo(metric, LONGEST_NAME));
    return `- ${names.join(', ')}: ${inert(lines.join('; '), LONGEST_METHOD)}`;
  });
  const computed = [list(told.plan), ...(told.split.isBroken ? [] : methods)].join('\n');
  return [
    ...(told.looks.rows.length === 0 ? [] : [folded('Looks', toldTable(told.looks))]),
    ...(told.notes.length === 0 ? [] : [folded('Mind', list(told.notes), true)]),
    ...(told.split.isBroken
      ? []
      : [folded('Split', `${toldTable(told.split)}\n\n${list(told.split.sentences)}`)]),
    folded('How it was computed', computed),
  ];
}

function nextPart({ next }: Told): string {
  return next === undefined ? '' : `\nNext: ${code(next)}\n`;
}

function list(sentences: readonly Sentence[]): string {
  return sentences.map((sentence) => `- ${said(sentence)}`).join('\n');
}

/** Markdown within HTML needs an empty line before and after it. */
function folded(summary: string, body: string, isOpen = false): string {
  return `\n<details${isOpen ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>\n`;
}
