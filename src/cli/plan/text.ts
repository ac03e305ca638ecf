// A plan for a terminal: what changed in words, who moves, and last what may surprise. Calm with two hundred flags too.
import { printable } from '../../lib/printable.ts';
import type { FlagPlan, Warning } from '../../plan/plan.ts';
import { counted, styled } from '../terminal.ts';
import { alike, namesText } from './alike.ts';
import { approvalLines } from './approval-lines.ts';
import { type EnvironmentGroup, environmentGroups } from './environment-lines.ts';
import { isEmpty, moves, otherWords, parted, type Report } from './report.ts';
import { environmentSummary } from './sentences.ts';
import { comparedText, headline, subjectsHeadline, subjectText } from './summary.ts';

/** Flags, or groups of them, that are told in full; the others have lines, and then a number. */
const MOST_WHOLE = 30;
const MOST_LINES = 200;
/** Where environments have longer names than this, what is said of them begins on the next line. */
const WIDEST_PLACE = 16;
const INDENT = ' '.repeat(6);
/** Whom a line is about stands below it, and a little further in. */
const WHOSE = ' '.repeat(2);
const MOST_WARNINGS = 50;

const bare = (text: string): string => printable(text, 300);

/** The lines of the whole plan; one for an empty plan. */
export function planLines(report: Report): string[] {
  const { plan, base, subjects } = report;
  const note = base.note === undefined ? [] : [styled('yellow', bare(base.note))];
  const first = `${subjectText(report, bare)}, ${comparedText(report, bare)}: ${headline(report)}`;
  if (isEmpty(plan)) return [...note, first];
  const { moving, still } = parted(plan.flags);
  const groups = alike([...moving, ...still], (flag) => flagLines(report, flag));
  const rest = groups.slice(MOST_WHOLE).flatMap(({ things }) => things);
  return [
    ...note,
    styled('bold', first),
    ...section('', otherWords(plan)),
    ...groups.slice(0, MOST_WHOLE).flatMap(({ said, things }) => ['', heading(things), ...said]),
    ...section('More flags', shortFlags(rest)),
    ...(subjects ? ['', subjectsHeadline(subjects)] : []),
    ...section('Warnings', warningLines(plan.warnings)),
    ...section(
      'Who must approve',
      approvalLines(plan.access ?? [], bare, (text) => printable(text, 1_000)),
    ),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['', ...(title === '' ? [] : [styled('bold', title)]), ...lines.map((line) => `  ${line}`)];
}

function heading(flags: readonly FlagPlan[]): string {
  const names = namesText(flags, (name) => styled('bold', name));
  const [only] = flags;
  const owner = flags.length === 1 ? only?.owner : undefined;
  return owner === undefined ? names : `${names}  ${styled('dim', bare(owner))}`;
}

function flagLines(report: Report, flag: FlagPlan): string[] {
  const words = report.wordsOf(flag.flag).map((line) => `  ${styled('dim', line)}`);
  if (flag.environments.length === 0) return [...words, '  nobody moves'];
  return [...words, ...environmentGroups(report, flag, bare).flatMap(groupLines)];
}

/** The first line after the environments' names, the others below it. */
function groupLines({ environments, through, lines }: EnvironmentGroup): string[] {
  const place = `  ${environments.join(', ')}${through === '' ? '' : ` ${through}`}: `;
  const texts = lines.flatMap(({ text, who, isLimit }) => [
    isLimit ? styled('yellow', printable(text, 1_000)) : text,
    ...(who === undefined ? [] : [WHOSE + styled('dim', who)]),
  ]);
  if (place.length > WIDEST_PLACE && texts.length > 1)
    return [place.trimEnd(), ...texts.map((text) => INDENT + text)];
  return texts.map((text, index) => (index === 0 ? place : ' '.repeat(place.length)) + text);
}

/** One line for each environment in which somebody moves, the flags of the same line together. */
function shortFlags(flags: readonly FlagPlan[]): string[] {
  const places = flags.flatMap((flag) => flag.environments.filter(moves).map((part) => ({ ...flag, part })));
  const groups = alike(places, ({ part, action }) => [
    `${part.environment}  ${environmentSummary(part, action, bare)}`,
  ]);
  const lines = groups.map(({ said, things }) => `${namesText(things, bare)}  ${said.join('')}`);
  const left = lines.splice(MOST_LINES).length;
  if (left > 0) lines.push(`and ${counted(left, 'line')} more, which --format json has`);
  const { still } = parted(flags);
  if (still.length > 0) lines.push(`${namesText(still, bare)}  nobody moves`);
  return lines;
}

function warningLines(warnings: readonly Warning[]): string[] {
  const lines = warnings.slice(0, MOST_WARNINGS).map(({ code, kind, key, environment, message }) => {
    const where = environment === undefined ? '' : ` in ${environment}`;
    const thing = `${kind === 'flag' ? '' : `${kind} `}${key}${where}`;
    return `${styled('yellow', '!')} ${styled('yellow', code)}  ${thing}: ${printable(message, 1_000)}`;
  });
  const more = warnings.length - lines.length;
  return more > 0 ? [...lines, `and ${counted(more, 'warning')} more, which --format json has`] : lines;
}
