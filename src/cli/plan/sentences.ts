// Who moves, in sentences: `on 10% → 25%; 15% move off → on, nobody moves back`.
import type {
  Case,
  EnvironmentPlan,
  FlagPlan,
  RulePlan,
  ScheduledStep,
  TargetMoves,
  WithoutUnits,
} from '../../plan/plan.ts';
import { counted } from '../terminal.ts';
import {
  amountText,
  goesBack,
  isAll,
  isNewValue,
  pairText,
  type Quote,
  sharesChange,
  sharesText,
} from './shares-text.ts';
import type { SubjectsOfFlag } from './subjects.ts';

/** Alternatives of a condition that are named. */
const MOST_ALTERNATIVES = 3;
/** Ways that those without a unit go. */
const MOST_WAYS = 4;
/** Steps of a schedule that are named. */
const MOST_STEPS = 6;

type Action = FlagPlan['action'];

/** Whom a case is about: `of those for whom country eq US`; empty for everyone. */
export function whoText({ when, units }: Pick<Case, 'when' | 'units'>, quote: Quote): string {
  const named = when.slice(0, MOST_ALTERNATIVES).map((text) => quote(text));
  const more = when.length - named.length;
  if (more > 0) named.push(`${counted(more, 'other condition')}`);
  const whom = named.length === 0 ? '' : `for whom ${named.join(', or ')}`;
  if (units !== undefined)
    return [`of ${counted(units, 'unit')} that definitions name`, whom].filter(Boolean).join(', ');
  return whom === '' ? '' : `of those ${whom}`;
}

/** What happens to those of a case. */
export function caseSentence(part: Case, action: Action, quote: Quote): string {
  if (action === 'created') return sharesText(part.after, quote);
  if (action === 'deleted') return `${sharesText(part.before, quote)} until now, then the app's own default`;
  return movesSentence(part, quote);
}

/** Who moves in an environment, in a few words. */
export function environmentSummary(part: EnvironmentPlan, action: Action, quote: Quote): string {
  const words: string[] = [];
  const [first] = part.cases;
  if (first && part.cases.length === 1) {
    const who = whoText(first, quote);
    words.push(caseSentence(first, action, quote) + (who === '' ? '' : `, ${who}`));
  } else if (first) {
    words.push(groupsText(part.cases, quote));
  }
  const targets = targetsSentence(part.targets, quote);
  if (targets !== '' && part.targets.moved + part.targets.depends > 0) words.push(targets);
  if (words.length === 0) words.push(...withoutSentences(part.without, quote));
  if (part.limits.length > 0) words.push('more than is worked out');
  return words.length === 0 ? 'nobody moves' : words.join('; ');
}

/** `up to 15% move off → on, in 3 groups of subjects`; where they go different ways, only how many. */
function groupsText(cases: readonly Case[], quote: Quote): string {
  const most = Math.max(...cases.map(movedPercent));
  const ways = new Set(cases.flatMap(({ moves }) => moves.map((move) => pairText(move, quote))));
  const [way] = ways;
  const where = way !== undefined && ways.size === 1 ? ` ${way}` : '';
  const share = amountText({ percent: String(Number(most.toFixed(10))) });
  return `up to ${share} move${where}, in ${counted(cases.length, 'group')} of subjects`;
}

function movedPercent({ moves }: Case): number {
  return moves.reduce((sum, { percent }) => sum + Number(percent), 0);
}

/** What happens to those for whom a rule holds. */
export function ruleSentence(part: RulePlan, quote: Quote): string {
  const name = part.rule === 'everyone else' ? part.rule : `rule ${quote(part.rule)}`;
  if (part.before === undefined) return `${name} is new: ${sharesText(part.after ?? [], quote)}`;
  if (part.after === undefined) return `${name} is gone: ${sharesText(part.before, quote)} until now`;
  if (part.moves.length > 0)
    return `${name}: ${movesSentence({ ...part, before: part.before, after: part.after }, quote)}`;
  const { before, after } = part.when ?? {};
  const isSame = before === after;
  return isSame
    ? `${name}: nobody moves by it`
    : `${name} holds for others: ${sharesText(part.after, quote)}`;
}

function movesSentence(
  part: Pick<RulePlan, 'moves'> & Required<Pick<RulePlan, 'before' | 'after'>>,
  quote: Quote,
): string {
  const [only] = part.moves;
  if (part.moves.length === 1 && only && isAll(only)) return `everyone moves ${pairText(only, quote)}`;
  const moved = part.moves.map((move) => `${amountText(move)} move ${pairText(move, quote)}`).join(', ');
  if (part.moves.every(isNewValue)) return moved;
  return `${sharesChange(part, quote)}; ${moved}${goesBack(part.moves) ? '' : ', nobody moves back'}`;
}

/** `without targetingKey: off → the error TARGETING_KEY_MISSING`, one for each of what may be missing. */
export function withoutSentences(without: readonly WithoutUnits[], quote: Quote): string[] {
  return without.map(({ units, moves }) => {
    const ways = moves.slice(0, MOST_WAYS).map((way) => pairText(way, quote));
    const more = moves.length - ways.length;
    if (more > 0) ways.push(`and ${counted(more, 'way')} more`);
    return `without ${units.map((unit) => quote(unit)).join(' and ')}: ${ways.join(', ')}`;
  });
}

/** What happens to the units that `targets` name; empty where nothing does. */
export function targetsSentence(targets: TargetMoves, quote: Quote): string {
  const edits = (['added', 'removed', 'retargeted'] as const).flatMap((edit) =>
    targets[edit] > 0 ? [`${targets[edit].toLocaleString('en')} ${edit}`] : [],
  );
  if (edits.length === 0 && targets.moved === 0 && targets.depends === 0) return '';
  const parts = edits.length > 0 ? [edits.join(', ')] : [];
  if (targets.moved > 0) {
    const goals = targets.moves.map((move) => `${move.units.toLocaleString('en')} ${pairText(move, quote)}`);
    parts.push(`${counted(targets.moved, 'unit')} move${goals.length > 0 ? ` (${goals.join(', ')})` : ''}`);
  }
  if (targets.depends > 0) parts.push(`${counted(targets.depends, 'unit')} may, as their attributes are`);
  if (targets.moved === 0 && targets.depends === 0) parts.push('none of them moves');
  return `targets: ${parts.join('; ')}`;
}

/** What is planned for later, one line a step; empty for nothing. */
export function scheduleLines(schedule: readonly ScheduledStep[], quote: Quote): string[] {
  const coming = schedule.filter(({ past }) => !past);
  const lines = coming.slice(0, MOST_STEPS).map(({ at, rule, does }) => {
    const name = rule === 'everyone else' ? rule : `rule ${quote(rule)}`;
    if (typeof does === 'string') return `from ${quote(at)} on: ${name} ${does}`;
    return does.linear
      ? `until ${quote(at)}: ${name} goes steadily to ${does.percent}%`
      : `from ${quote(at)} on: ${name} at ${does.percent}%`;
  });
  const more = coming.length - lines.length;
  return more > 0 ? [...lines, `and ${counted(more, 'step')} more`] : lines;
}

/** `412 of 10,000 contexts change: 400 off → on (lines 3, 8, 9, …), 12 on → off (line 77, …)`. */
export function subjectsSentence({ changed, moves }: SubjectsOfFlag, contexts: number, quote: Quote): string {
  if (changed === 0) return `none of ${counted(contexts, 'context')} changes`;
  const parts = moves.map((move) => {
    const lines = `${move.examples.length === 1 ? 'line' : 'lines'} ${move.examples.join(', ')}`;
    const dots = move.count > move.examples.length ? ', …' : '';
    return `${move.count.toLocaleString('en')} ${pairText(move, quote)} (${lines}${dots})`;
  });
  const of = `${changed.toLocaleString('en')} of ${counted(contexts, 'context')}`;
  return `${of} ${changed === 1 ? 'changes' : 'change'}: ${parts.join(', ')}`;
}
