// A plan for a terminal: what changed in words, who moves, and last what may surprise. Calm with two hundred flags too.
import { changesInWords } from '../../changes/words.ts';
import { printable } from '../../lib/printable.ts';
import type { FlagPlan, Warning } from '../../plan/plan.ts';
import { counted, styled } from '../terminal.ts';
import { type EnvironmentGroup, environmentGroups } from './environment-lines.ts';
import { flagWords, isEmpty, moves, otherChanges, parted, type Report } from './report.ts';
import { environmentSummary } from './sentences.ts';
import { comparedText, headline, subjectsHeadline, subjectText } from './summary.ts';

/** Flags that are told in full; of the others a line each, and then a number. */
const MOST_WHOLE = 30;
const MOST_LINES = 200;
/** Lines are indented no further, however many environments they are about. */
const DEEPEST = 16;
const MOST_WARNINGS = 50;
/** Names in the heading of flags with which the same happens. */
const MOST_NAMES = 4;

const bare = (text: string): string => printable(text, 300);

/** The lines of the whole plan; one for an empty plan. */
export function planLines(report: Report): string[] {
  const { plan, base, subjects } = report;
  const note = base.note === undefined ? [] : [styled('yellow', bare(base.note))];
  const first = `${subjectText(report, bare)}, ${comparedText(report, bare)}: ${headline(report)}`;
  if (isEmpty(plan)) return [...note, first];
  const { moving, still } = parted(plan.flags);
  const flags = [...moving, ...still];
  return [
    ...note,
    styled('bold', first),
    ...section('', changesInWords(otherChanges(plan))),
    ...wholeFlags(report, flags.slice(0, MOST_WHOLE)),
    ...section('More flags', shortFlags(flags.slice(MOST_WHOLE))),
    ...(subjects ? ['', subjectsHeadline(subjects)] : []),
    ...section('Warnings', warningLines(plan.warnings)),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['', ...(title === '' ? [] : [styled('bold', title)]), ...lines.map((line) => `  ${line}`)];
}

/** Flags with which the very same happens, through a segment say, are told once. */
function wholeFlags(report: Report, flags: readonly FlagPlan[]): string[] {
  const told = new Map<string, { body: string[]; flags: FlagPlan[] }>();
  for (const flag of flags) {
    const body = flagLines(report, flag);
    const id = body.join('\n');
    const alike = told.get(id);
    if (alike) alike.flags.push(flag);
    else told.set(id, { body, flags: [flag] });
  }
  return [...told.values()].flatMap(({ body, flags: alike }) => ['', heading(alike), ...body]);
}

function heading(flags: readonly FlagPlan[]): string {
  const names = flags.slice(0, MOST_NAMES).map(({ flag }) => styled('bold', flag));
  const more = flags.length - names.length;
  const [only] = flags;
  if (only && flags.length === 1 && only.owner !== undefined)
    names.push(styled('dim', ` ${bare(only.owner)}`));
  return `${names.join(flags.length === 1 ? ' ' : ', ')}${more > 0 ? ` and ${counted(more, 'flag')} more` : ''}`;
}

function flagLines(report: Report, flag: FlagPlan): string[] {
  const words = flagWords(report.plan, flag.flag).map((line) => `  ${styled('dim', line)}`);
  if (flag.environments.length === 0) return [...words, '  nobody moves'];
  return [...words, ...environmentGroups(report, flag, bare).flatMap(groupLines)];
}

/** The first line after the environments' names, the others below it. */
function groupLines({ environments, through, lines }: EnvironmentGroup): string[] {
  const place = `  ${environments.join(', ')}${through === '' ? '' : ` ${through}`}: `;
  const indent = ' '.repeat(Math.min(place.length, DEEPEST));
  const texts = lines.flatMap(({ text, who, isLimit }) => [
    isLimit ? styled('yellow', printable(text, 1_000)) : text,
    ...(who === undefined ? [] : [styled('dim', who)]),
  ]);
  if (place.length > DEEPEST) return [place.trimEnd(), ...texts.map((text) => indent + text)];
  return texts.map((text, index) => (index === 0 ? place : indent) + text);
}

function shortFlags(flags: readonly FlagPlan[]): string[] {
  const lines = flags.flatMap(({ flag, action, environments }) =>
    environments
      .filter(moves)
      .map((part) => `${flag}  ${part.environment}  ${environmentSummary(part, action, bare)}`),
  );
  const still = parted(flags).still.length;
  const left = lines.splice(MOST_LINES).length;
  if (left > 0) lines.push(`and ${counted(left, 'line')} more, which --format json has`);
  if (still > 0) lines.push(`${counted(still, 'flag')} of which only words change; nobody moves`);
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
