// The folded part of a plan's comment: one block for each flag, or for the flags with which the same happens.
import { changesInWords } from '../../changes/words.ts';
import type { FlagPlan, Plan } from '../../plan/plan.ts';
import { counted } from '../terminal.ts';
import { type EnvironmentGroup, environmentGroups } from './environment-lines.ts';
import { block, code, htmlCode, sentence } from './markdown-text.ts';
import { flagWords, moves, otherChanges, type Report } from './report.ts';

/** A block of the comment, and how many flags it tells of. */
export interface Details {
  markdown: string;
  flags: number;
}

/** With so few flags nothing is folded. */
const MOST_OPEN = 3;
const MOST_WORDS = 60;
const MOST_NAMES = 4;

/** The changes of segments, experiments, metrics and the project. */
export function otherDetails(plan: Plan): Details[] {
  const words = changesInWords(otherChanges(plan));
  if (words.length === 0) return [];
  return [
    { markdown: folded('Segments, experiments, metrics, project', wordsBlock(words), false), flags: 0 },
  ];
}

/** Those of the flags for whom somebody moves come first. */
export function flagDetails(report: Report): Details[] {
  const { flags } = report.plan;
  const told = new Map<string, { body: string[]; flags: FlagPlan[] }>();
  const ordered = [...flags].sort((a, b) => Number(isMoving(b)) - Number(isMoving(a)));
  for (const flag of ordered) {
    const body = bodyLines(report, flag);
    const id = body.join('\n');
    const alike = told.get(id);
    if (alike) alike.flags.push(flag);
    else told.set(id, { body, flags: [flag] });
  }
  return [...told.values()].map(({ body, flags: alike }) => ({
    markdown: folded(title(alike), body, flags.length <= MOST_OPEN),
    flags: alike.length,
  }));
}

function isMoving({ environments }: FlagPlan): boolean {
  return environments.some(moves);
}

function title(flags: readonly FlagPlan[]): string {
  const names = flags.slice(0, MOST_NAMES).map(({ flag }) => htmlCode(flag));
  const more = flags.length - names.length;
  const [only] = flags;
  const owner =
    only && flags.length === 1 && only.owner !== undefined ? `, owned by ${htmlCode(only.owner)}` : '';
  return `${names.join(', ')}${more > 0 ? ` and ${counted(more, 'flag')} more` : ''}${owner}`;
}

function folded(summary: string, body: readonly string[], isOpen: boolean): string {
  // Markdown within HTML needs an empty line before and after it.
  return [
    '',
    `<details${isOpen ? ' open' : ''}><summary>${summary}</summary>`,
    '',
    ...body,
    '',
    '</details>',
    '',
  ].join('\n');
}

function wordsBlock(words: readonly string[]): string[] {
  const shown = words.slice(0, MOST_WORDS);
  const more = words.length - shown.length;
  return block(more > 0 ? [...shown, `and ${counted(more, 'line')} more`] : shown);
}

function bodyLines(report: Report, flag: FlagPlan): string[] {
  const words = flagWords(report.plan, flag.flag);
  const groups = environmentGroups(report, flag, code).flatMap(groupLines);
  return [
    ...(words.length === 0 ? [] : [...wordsBlock(words), '']),
    ...(groups.length === 0 ? ['Nobody moves.'] : groups),
  ];
}

function groupLines({ environments, through, lines }: EnvironmentGroup): string[] {
  const place = environments.map((name) => code(name)).join(', ');
  const [only] = lines;
  const texts = lines.map(({ text, who, isLimit }) => {
    const said = isLimit ? sentence(text) : text;
    return who === undefined ? said : `${said}, ${who}`;
  });
  const head = `- ${place}${through === '' ? '' : ` ${through}`}:`;
  return only && lines.length === 1 ? [`${head} ${texts[0]}`] : [head, ...texts.map((text) => `  - ${text}`)];
}
