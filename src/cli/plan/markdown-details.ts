// The folded part of a plan's comment: one block for each flag, or for the flags with which the same happens.

import { block, code, htmlCode, sentence } from '../../lib/markdown-text.ts';
import type { FlagPlan, Plan } from '../../plan/plan.ts';
import { counted } from '../terminal.ts';
import { alike, namesText } from './alike.ts';
import { type EnvironmentGroup, environmentGroups } from './environment-lines.ts';
import { otherWords, parted, type Report } from './report.ts';

/** A block of the comment, and how many flags it tells of. */
export interface Details {
  markdown: string;
  flags: number;
}

/** With so few flags nothing is folded. */
const MOST_OPEN = 3;
const MOST_WORDS = 60;

/** The changes of segments, experiments, metrics and the project. */
export function otherDetails(plan: Plan): Details[] {
  const words = otherWords(plan);
  if (words.length === 0) return [];
  return [
    { markdown: folded('Segments, experiments, metrics, project', wordsBlock(words), false), flags: 0 },
  ];
}

/** Those of the flags for whom somebody moves come first. */
export function flagDetails(report: Report): Details[] {
  const { moving, still } = parted(report.plan.flags);
  const groups = alike([...moving, ...still], (flag) => bodyLines(report, flag));
  return groups.map(({ said, things }) => ({
    markdown: folded(title(things), said, report.plan.flags.length <= MOST_OPEN),
    flags: things.length,
  }));
}

function title(flags: readonly FlagPlan[]): string {
  const [only] = flags;
  const owner = flags.length === 1 ? only?.owner : undefined;
  return `${namesText(flags, htmlCode)}${owner === undefined ? '' : `, owned by ${htmlCode(owner)}`}`;
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
  const words = report.wordsOf(flag.flag);
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
