// A report for a terminal: the verdict first, then the numbers, the intervals, what to mind, and how it was computed.
import { printable } from '../../lib/printable.ts';
import type { Analysis } from '../analysis.ts';
import type { Tone } from './headline.ts';
import { fitting, tableLines, wrapped } from './lines.ts';
import { type Sentence, spoken } from './sentence.ts';
import type { ToldTable } from './tables.ts';
import { plotCaption, plotLines } from './text-plot.ts';
import { resultLines, type Terminal } from './text-results.ts';
import { type Told, toldOf } from './told.ts';

/** Eighty columns without colours are the default. Less than 40 columns count as 40. */
export type TextOptions = Partial<Terminal>;

const LEAST_WIDTH = 40;
/** Longer sentences of others are cut. */
const LONGEST = 1_000;
/** In a table. */
const LONGEST_ARM = 16;

/** The whole report. Without a style it has no escape sequences; nothing that others wrote can move the cursor. */
export function reportText(
  analysis: Analysis,
  { width = 80, style = (_, text) => text }: TextOptions = {},
): string {
  const told = toldOf(analysis);
  const terminal = { width: Math.max(LEAST_WIDTH, Math.floor(width) || LEAST_WIDTH), style };
  const lines = [
    ...headLines(told, terminal),
    ...(told.split.isBroken ? splitLines(told, terminal) : []),
    ...resultPart(told, terminal),
    ...plotPart(told, terminal),
    ...lookLines(told, terminal),
    ...section('Mind', told.notes, terminal),
    ...(told.split.isBroken ? [] : splitLines(told, terminal)),
    ...methodLines(told, terminal),
    ...(told.next === undefined ? [] : ['', `Next: ${told.next}`]),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const COLOURS = { good: 'green', bad: 'red', stop: 'red', unsure: 'yellow' } as const satisfies Record<
  Tone,
  string
>;

function plain(sentence: Sentence, longestName?: number): string {
  const foreign = (text: string) => printable(text, LONGEST);
  return spoken(sentence, { words: (text) => text, name: (text) => printable(text, longestName), foreign });
}

function headLines(
  { headline, tone, subject, hypothesis, owner, alerts, facts }: Told,
  terminal: Terminal,
): string[] {
  const { width, style } = terminal;
  const whose = owner === undefined ? '' : `, owned by ${printable(owner)}`;
  return [
    ...wrapped(plain(headline), width).map((line) => style('bold', style(COLOURS[tone], line))),
    ...alerts.flatMap((alert) =>
      wrapped(`! ${plain(alert.sentence)}`, width, '  ').map((line) => style(COLOURS[alert.tone], line)),
    ),
    ...wrapped(plain(subject) + whose, width, '  ').map((line) => style('dim', line)),
    ...(hypothesis === undefined
      ? []
      : wrapped(`Hypothesis: ${printable(hypothesis, LONGEST)}`, width, '  ')),
    '',
    ...facts.flatMap((fact) => wrapped(plain(fact), width, '  ')),
  ];
}

function resultPart({ metrics, split }: Told, terminal: Terminal): string[] {
  if (!split.isBroken) return ['', ...resultLines(metrics, terminal)];
  const why =
    'The results are not shown: with a broken split they would mislead. --format json has the numbers.';
  return ['', ...wrapped(why, terminal.width)];
}

function plotPart({ metrics }: Told, { width, style }: Terminal): string[] {
  const lines = plotLines(metrics, width);
  if (lines.length === 0) return [];
  return ['', ...wrapped(plotCaption(metrics), width).map((line) => style('dim', line)), ...lines];
}

function lookLines({ looks }: Told, terminal: Terminal): string[] {
  return looks.rows.length === 0 ? [] : ['', ...toldLines(looks, terminal)];
}

function splitLines({ split }: Told, terminal: Terminal): string[] {
  if (!split.isBroken) return section('Split', split.sentences, terminal);
  return ['', ...toldLines(split, terminal), ...section('', split.sentences, terminal)];
}

function toldLines({ columns, rows }: ToldTable, { width, style }: Terminal): string[] {
  const titled = columns.map((column) => ({ ...column, title: column.title.toUpperCase() }));
  const cells = rows.map((row) => row.map((each) => plain(each, LONGEST_ARM)));
  return tableLines(titled, cells, fitting(titled, cells, width), (text) => style('dim', text));
}

function section(title: string, sentences: readonly Sentence[], { width, style }: Terminal): string[] {
  if (sentences.length === 0) return [];
  const lines = sentences.flatMap((sentence) => wrapped(`- ${plain(sentence)}`, width, '  '));
  return ['', ...(title === '' ? [] : [style('bold', title)]), ...lines];
}

function methodLines({ plan, methods, split }: Told, { width, style }: Terminal): string[] {
  const lines = plan.flatMap((sentence) => wrapped(`- ${plain(sentence)}`, width, '  '));
  const own = methods.flatMap(({ metrics, lines: method }) =>
    wrapped(
      `- ${metrics.map((metric) => printable(metric)).join(', ')}: ${printable(method.join('; '), LONGEST)}`,
      width,
      '  ',
    ),
  );
  return ['', style('bold', 'How it was computed'), ...lines, ...(split.isBroken ? [] : own)];
}
