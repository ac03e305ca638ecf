// A plan as the comment of a pull request: a table first, then the warnings, then each flag, folded. Always the same text for the same change.

import { cell, code, codeUpTo, sentence } from '../../lib/markdown-text.ts';
import type { EnvironmentPlan, FlagPlan, Plan, Warning } from '../../plan/plan.ts';
import { counted } from '../terminal.ts';
import { alike, namesText } from './alike.ts';
import { approvalLines } from './approval-lines.ts';
import { flagDetails, otherDetails } from './markdown-details.ts';
import { isEmpty, moves, parted, type Report } from './report.ts';
import { environmentSummary } from './sentences.ts';
import { comparedText, headline, subjectsHeadline, subjectText } from './summary.ts';

/** The first line: by it the one comment of a pull request is found again. */
export const MARKER = '<!-- halyard-plan -->';

/** GitHub takes 65,536 characters. */
const LONGEST = 65_000;
/** So much of it for the table, and for the warnings; the flags have the rest. */
const TABLE_LENGTH = 20_000;
const WARNINGS_LENGTH = 15_000;
/** Rows that are seen without unfolding. */
const MOST_ROWS = 25;
/** A condition in a cell is cut early: it stands whole below. */
const LONGEST_IN_CELL = 80;

/** The whole comment. What does not fit is left out with a sentence that says so. */
export function planMarkdown(report: Report): string {
  const { plan, base, subjects } = report;
  const top = [
    MARKER,
    `### Plan of ${subjectText(report, code)}`,
    '',
    ...(base.note === undefined ? [] : [`> ${sentence(base.note)}`, '']),
    `**${capital(headline(report))}** Compared ${comparedText(report, code)}.`,
    ...(subjects ? ['', subjectsHeadline(subjects)] : []),
  ];
  if (isEmpty(plan)) return `${top.join('\n')}\n`;
  const summary = [...top, ...table(report), ...stillLines(plan), ...warningLines(plan.warnings)].join('\n');
  const details = [...otherDetails(plan), ...flagDetails(report)];
  const access = accessText(plan);
  return `${summary}\n${fitted(details, LONGEST - summary.length - access.length)}${access}`;
}

function accessText({ access = [] }: Plan): string {
  if (access.length === 0) return '';
  const lines = approvalLines(access, code, sentence).map((line) => `- ${line}`);
  return ['', '**Who must approve**', '', ...lines, ''].join('\n');
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function table(report: Report): string[] {
  const rows = tableRows(report);
  if (rows.length === 0) return [];
  const head = ['', '| Flag | Environment | Who moves | Warnings |', '|---|---|---|---|'];
  let length = 0;
  const shown = rows.filter((row) => {
    length += row.length + 1;
    return length < TABLE_LENGTH;
  });
  const folded = shown.splice(MOST_ROWS);
  const left = rows.length - shown.length - folded.length;
  const more =
    folded.length === 0
      ? []
      : [
          '',
          `<details><summary>${counted(folded.length, 'row')} more</summary>`,
          ...head,
          ...folded,
          '',
          '</details>',
        ];
  const cut =
    left === 0
      ? []
      : ['', `${counted(left, 'row')} more would not fit here: \`halyard plan --format json\` has all.`];
  return [...head, ...shown, ...more, ...cut];
}

/**
 * One row for each environment in which somebody moves or something warns, the flags of the same row together. What is
 * warned of comes first, so that it is seen without unfolding.
 */
function tableRows(report: Report): string[] {
  const places = report.plan.flags.flatMap((flag) =>
    flag.environments.map((part) => ({
      ...flag,
      part,
      isWarned: report.warningsOf(flag.flag, part.environment).length > 0,
    })),
  );
  const told = places
    .filter(({ part, isWarned }) => moves(part) || isWarned)
    .sort((a, b) => Number(b.isWarned) - Number(a.isWarned));
  const groups = alike(told, ({ flag, action, part }) => [rowRest(report, flag, action, part)]);
  return groups.map(({ said, things }) => `| ${namesText(things, code)} ${said.join('')}`);
}

function rowRest(report: Report, flag: string, action: FlagPlan['action'], part: EnvironmentPlan): string {
  const inCell = (text: string): string => codeUpTo(text, LONGEST_IN_CELL);
  const codes = new Set(report.warningsOf(flag, part.environment).map((warning) => warning.code));
  const warned = Array.from(codes, (name) => `⚠️ ${name}`).join('<br>');
  const who = cell(environmentSummary(part, action, inCell));
  return `| ${code(part.environment)} | ${who} | ${warned} |`;
}

function stillLines({ flags }: Plan): string[] {
  const { still } = parted(flags);
  if (still.length === 0) return [];
  return ['', `Nobody moves for ${namesText(still, code)}.`];
}

function warningLines(warnings: readonly Warning[]): string[] {
  if (warnings.length === 0) return [];
  let length = 0;
  const lines = warnings.map(({ code: name, kind, key, environment, message }) => {
    const thing = `${kind === 'flag' ? '' : `${kind} `}${code(key)}`;
    const where = environment === undefined ? '' : ` in ${code(environment)}`;
    return `- ⚠️ **${name}** ${thing}${where}: ${sentence(message)}`;
  });
  const shown = lines.filter((line) => {
    length += line.length + 1;
    return length < WARNINGS_LENGTH;
  });
  const left = lines.length - shown.length;
  const cut =
    left === 0
      ? []
      : [`- ${counted(left, 'warning')} more would not fit here: \`halyard plan --format json\` has all.`];
  return ['', '**Warnings**', '', ...shown, ...cut];
}

/** As many of the details as fit, and how many do not. */
function fitted(details: readonly { markdown: string; flags: number }[], lengthLeft: number): string {
  const reserve = 200;
  let text = '';
  let leftOut = 0;
  for (const { markdown, flags } of details) {
    if (leftOut === 0 && text.length + markdown.length < lengthLeft - reserve) text += markdown;
    else leftOut += flags;
  }
  if (leftOut === 0) return text;
  return `${text}\nThe details of ${counted(leftOut, 'flag')} would not fit here: \`halyard plan --format json\` has them.\n`;
}
