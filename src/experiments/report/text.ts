// A report for a terminal: the verdict first, then the numbers, the intervals, what to mind, and how it was computed.
import { printable } from '../../lib/printable.ts';
import type { Analysis } from '../analysis.ts';
import type { Tone } from './headline.ts';
import { type Column, fitting, type Row, tableLines, wrapped } from './lines.ts';
import { levelOf, type ToldArm, wordText } from './metric.ts';
import { type Sentence, spoken } from './sentence.ts';
import { plotCaption, plotLines } from './text-plot.ts';
import { type Told, toldOf } from './told.ts';

export interface TextOptions {
  /** Columns of the terminal; less than 50 count as 50. */
  width?: number;
  /** Makes a text bold or coloured, or leaves it as it is. */
  style?: (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string) => string;
}

const LEAST_WIDTH = 50;
/** Longer sentences of others are cut. */
const LONGEST = 1_000;

type Terminal = Required<TextOptions>;

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
    ...resultLines(told, terminal),
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

function plain(sentence: Sentence): string {
  const foreign = (text: string) => printable(text, LONGEST);
  return spoken(sentence, { words: (text) => text, name: (text) => printable(text), foreign });
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

/** The unadjusted p-values have a column of their own where others are adjusted. */
function columnsOf(isAdjusted: boolean, level: string): Column[] {
  return [
    { title: '', leaveOut: 0 },
    { title: 'UNITS', isNumber: true, leaveOut: 2 },
    { title: 'VALUE', isNumber: true, leaveOut: 1 },
    { title: 'CHANGE', isNumber: true, leaveOut: 0 },
    { title: `${level === '' ? '' : `${level} `}INTERVAL`, leaveOut: 0 },
    ...(isAdjusted ? [{ title: 'P', isNumber: true, leaveOut: 3 } as const] : []),
    { title: isAdjusted ? 'ADJUSTED P' : 'P', isNumber: true, leaveOut: 0 },
    { title: '', leaveOut: 0 },
  ];
}

const TITLES = { primary: 'decides', secondary: 'secondary', guardrail: 'guardrail' } as const;

function resultLines({ metrics, split }: Told, { width, style }: Terminal): string[] {
  if (split.isBroken) {
    const why =
      'The results are not shown: with a broken split they would mislead. --format json has the numbers.';
    return ['', ...wrapped(why, width)];
  }
  const isAdjusted = metrics.some((metric) => metric.isAdjusted);
  const level = levelOf(metrics);
  const rows = metrics.flatMap((metric): Row[] => {
    const title = `${style('bold', printable(metric.metric))} ${TITLES[metric.role]}: ${metric.about}`;
    const arms = [metric.baseline, ...metric.arms];
    return [
      ...wrapped(title, width, '  '),
      ...arms.map((arm) => cellsOf(arm, isAdjusted, level === '' ? `${metric.confidence} ` : '')),
    ];
  });
  const columns = columnsOf(isAdjusted, level);
  const kept = fitting(columns, rows, width);
  const lines = tableLines(columns, rows, kept, (text) => style('dim', text));
  const isShort = isAdjusted && !kept.includes(5);
  return [
    '',
    ...lines.map((line) => coloured(line, style)),
    ...(isShort ? wrapped('P-values are adjusted; --format json has the others too.', width) : []),
  ];
}

function cellsOf(arm: ToldArm, isAdjusted: boolean, level: string): string[] {
  const interval = arm.interval === '' ? '' : level + arm.interval;
  const last = [wordText(arm), arm.missing].filter(Boolean).join(', ');
  const ps = [...(isAdjusted ? [arm.p] : []), arm.adjustedP || arm.p];
  return [`  ${printable(arm.arm, 24)}`, arm.units, arm.value, arm.change, interval, ...ps, last];
}

function coloured(line: string, style: Terminal['style']): string {
  if (/ (better|safe(, p .*)?)$/.test(line)) return style('green', line);
  return / (worse|harm(, p .*)?)$/.test(line) ? style('red', line) : line;
}

function plotPart({ metrics }: Told, { width, style }: Terminal): string[] {
  const lines = plotLines(metrics, width);
  if (lines.length === 0) return [];
  return ['', ...wrapped(plotCaption(metrics), width).map((line) => style('dim', line)), ...lines];
}

function lookLines({ looks }: Told, { style }: Terminal): string[] {
  if (looks.length === 0) return [];
  const columns: Column[] = ['LOOK', 'AT', 'OF THE PLAN', 'ARM', 'Z', 'BOUND', ''].map((title) => ({
    title,
    leaveOut: 0,
  }));
  const rows = looks.flatMap(({ look, at, fraction, arms }) =>
    arms.map(({ arm, z, bound, word }) => [look, plain(at), fraction, printable(arm, 16), z, bound, word]),
  );
  return ['', ...tableLines(columns, rows, [...columns.keys()], (text) => style('dim', text))];
}

function splitLines({ split }: Told, terminal: Terminal): string[] {
  if (!split.isBroken) return section('Split', split.sentences, terminal);
  const columns: Column[] = ['ARM', 'PLANNED', 'EXPECTED', 'UNITS', 'CROSSED OVER'].map((title, index) => ({
    title,
    leaveOut: 0,
    ...(index > 0 && { isNumber: true as const }),
  }));
  const rows = split.arms.map(({ arm, weight, expected, units, crossedOver }) => [
    printable(arm, 24),
    weight,
    expected,
    units,
    crossedOver,
  ]);
  const table = tableLines(columns, rows, [...columns.keys()], (text) => terminal.style('dim', text));
  return ['', ...table, ...section('', split.sentences, terminal)];
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
