// The table of a report for a terminal: metrics with their arms, as many columns as fit, and remarks where there are no numbers.
import stringWidth from 'string-width';
import { printable } from '../../lib/printable.ts';
import { type Column, fitting, type Row, tableLines, tableWidth, wrapped } from './lines.ts';
import { levelOf, type ToldArm, type ToldMetric, wordText } from './metric.ts';

export interface Terminal {
  /** In columns. */
  width: number;
  /** Makes a text bold or coloured, or leaves it as it is. */
  style: (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string) => string;
}

/** The unadjusted p-values have a column of their own where others are adjusted. */
function columnsOf(isAdjusted: boolean, level: string): Column[] {
  return [
    { title: '', leaveOut: 0 },
    { title: 'UNITS', isNumber: true, leaveOut: 3 },
    { title: 'VALUE', isNumber: true, leaveOut: 2 },
    { title: 'CHANGE', isNumber: true, leaveOut: 0 },
    { title: `${level} INTERVAL`, leaveOut: 0 },
    ...(isAdjusted ? [{ title: 'P', isNumber: true, leaveOut: 4 } as const] : []),
    { title: isAdjusted ? 'ADJUSTED P' : 'P', isNumber: true, leaveOut: 1 },
    { title: '', leaveOut: 0 },
  ];
}

const TITLES = { primary: 'decides', secondary: 'secondary', guardrail: 'guardrail' } as const;

/** A line for each arm below its metric's, under a line of titles. */
export function resultLines(metrics: readonly ToldMetric[], terminal: Terminal): string[] {
  const { width, style } = terminal;
  const isAdjusted = metrics.some((metric) => metric.isAdjusted);
  const level = levelOf(metrics);
  const wide = metrics.flatMap((metric) => metricRows(metric, isAdjusted, terminal));
  const rowsOf = (parts: readonly Part[]) => parts.map(({ row }) => row);
  const columns = columnsOf(isAdjusted, level);
  const kept = fitting(columns, rowsOf(wide), width);
  const parts = tableWidth(columns, rowsOf(wide), kept) > width ? wide.map(wordBelow) : wide;
  const rows = rowsOf(parts);
  const [titles = '', ...lines] = tableLines(columns, rows, kept, (text) => style('dim', text));
  const note = 'Columns are left out, since the lines are short; --format json has all.';
  return [
    titles,
    ...lines.flatMap((line, index) => {
      const { remark = '', word = '' } = parts[index] ?? {};
      return withRemark(coloured(line, word, style), remark, width);
    }),
    ...(kept.length < columns.length ? wrapped(note, width) : []),
  ];
}

/** A row, and what is said behind it where there is room, else below it. */
interface Part {
  row: Row;
  remark: string;
  word: string;
}

function metricRows(metric: ToldMetric, isAdjusted: boolean, { width, style }: Terminal): Part[] {
  const title = `${style('bold', printable(metric.metric))} ${TITLES[metric.role]}: ${metric.about}`;
  const cells = [metric.baseline, ...metric.arms].map((arm) => ({
    row: cellsOf(arm, isAdjusted),
    remark: arm.missing,
    word: arm.word,
  }));
  return [...wrapped(title, width, '  ').map((row) => ({ row, remark: '', word: '' })), ...cells];
}

/** Where not even the columns that stay have room, the judgement is a remark, too. */
function wordBelow(part: Part): Part {
  const { row, remark } = part;
  if (typeof row === 'string') return part;
  return { ...part, row: row.slice(0, -1), remark: [row.at(-1), remark].filter(Boolean).join(', ') };
}

function withRemark(line: string, remark: string, width: number): string[] {
  if (remark === '') return [line];
  const whole = `${line.trimEnd()}  ${remark}`;
  return stringWidth(whole) <= width
    ? [whole]
    : [line, ...wrapped(remark, width - 4).map((each) => `    ${each}`)];
}

function cellsOf(arm: ToldArm, isAdjusted: boolean): string[] {
  const ps = [...(isAdjusted ? [arm.p] : []), arm.adjustedP || arm.p];
  return [
    `  ${printable(arm.arm, 24)}`,
    arm.units,
    arm.value,
    arm.change,
    arm.interval,
    ...ps,
    wordText(arm),
  ];
}

function coloured(line: string, word: string, style: Terminal['style']): string {
  if (word === 'better' || word === 'safe') return style('green', line);
  return word === 'worse' || word === 'harm' ? style('red', line) : line;
}
