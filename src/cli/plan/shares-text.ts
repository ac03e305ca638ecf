// Shares of units as text: answers, amounts, and how shares differ.
import type { Amount, Move, RuleMove, RuleShare } from '../../plan/plan.ts';

/** How a printer shows what an author wrote: bare on a terminal, escaped in Markdown. */
export type Quote = (text: string) => string;

type Answer = Pick<RuleShare, 'answer' | 'error' | 'unchanged' | 'passes'>;

/** A variation; or in our words what stands where there is none. */
export function answerText({ answer, error, unchanged, passes }: Answer, quote: Quote): string {
  if (passes) return 'next rule';
  if (unchanged) return 'others as before';
  if (error !== undefined) return `the error ${error}`;
  return answer === undefined ? "the app's default" : quote(answer);
}

/** `off → on`; `sale → sale` says that the value alone is another. */
export function pairText(move: Omit<RuleMove, 'percent'>, quote: Quote): string {
  const { from, fromError, fromPasses, to, toError, toPasses } = move;
  const source: Answer = {
    ...(from !== undefined && { answer: from }),
    ...(fromError !== undefined && { error: fromError }),
    ...(fromPasses && { passes: fromPasses }),
  };
  const goal: Answer = {
    ...(to !== undefined && { answer: to }),
    ...(toError !== undefined && { error: toError }),
    ...(toPasses && { passes: toPasses }),
  };
  const before = answerText(source, quote);
  return isNewValue(move) ? `from ${before} to its new value` : `${before} → ${answerText(goal, quote)}`;
}

/** More decimals than these tell a reader nothing. */
const MOST_DECIMALS = 4;
const LEAST = 10 ** -MOST_DECIMALS;

/** `15%`, `≈0.2703%` where the share has many decimals, or `3` where units are named. */
export function amountText({ percent, units }: Amount): string {
  return units === undefined ? percentText(percent) : units.toLocaleString('en');
}

/** Never `0%` for what is something, nor `100%` for what is not all. */
function percentText(percent: string): string {
  const [, decimals = ''] = percent.split('.');
  if (decimals.length <= MOST_DECIMALS) return `${percent}%`;
  const share = Number(percent);
  if (share < LEAST) return `<${LEAST}%`;
  if (share > 100 - LEAST) return `>${100 - LEAST}%`;
  return `≈${Number(share.toFixed(MOST_DECIMALS))}%`;
}

export function isAll({ percent }: Move): boolean {
  return percent === '100';
}

/** `everyone gets on`; `on 25%, off 75%`. */
export function sharesText(shares: readonly RuleShare[], quote: Quote): string {
  const given = shares.filter(({ percent, units = 1 }) => Number(percent) > 0 && units > 0);
  const [only] = given;
  if (only && given.length === 1) {
    return only.passes ? 'everyone goes on to the next rule' : `everyone gets ${answerText(only, quote)}`;
  }
  return given.map((share) => `${answerText(share, quote)} ${amountText(share)}`).join(', ');
}

/** The shares that differ. Of two answers one says it all: not `off`, nor what is no answer, and rather the one that rises. */
export function sharesChange(
  { before, after }: { before: readonly RuleShare[]; after: readonly RuleShare[] },
  quote: Quote,
): string {
  const answers = new Map<string, RuleShare>();
  for (const share of [...before, ...after]) answers.set(identity(share), share);
  const changes = [...answers].flatMap(([id, share]) => {
    const [was, is] = [shareOf(before, id), shareOf(after, id)];
    const text = `${answerText(share, quote)} ${amountText(was)} → ${amountText(is)}`;
    return was.percent === is.percent && was.units === is.units
      ? []
      : [{ share, rises: rises(was, is), text }];
  });
  if (changes.length === 0) return 'the shares stay, the units do not';
  if (changes.length > 2) return changes.map(({ text }) => text).join(', ');
  const telling = changes.filter(({ share }) => share.answer !== undefined && share.answer !== 'off');
  const chosen = telling.find((change) => change.rises) ?? telling[0] ?? changes[0];
  return chosen?.text ?? '';
}

function rises(was: Amount, is: Amount): boolean {
  return Number(is.percent) > Number(was.percent) || (is.units ?? 0) > (was.units ?? 0);
}

function identity({ answer, error, unchanged, passes }: Answer): string {
  return JSON.stringify([answer ?? null, error ?? null, unchanged ?? false, passes ?? false]);
}

function shareOf(shares: readonly RuleShare[], id: string): Amount {
  const isNamed = shares.some(({ units }) => units !== undefined);
  return shares.find((each) => identity(each) === id) ?? { percent: '0', ...(isNamed && { units: 0 }) };
}

/** Whether units move both ways between two answers. */
export function goesBack(moves: readonly RuleMove[]): boolean {
  const ways = new Set(moves.map((move) => `${side(move, 'from')} ${side(move, 'to')}`));
  return moves.some((move) => {
    const [from, to] = [side(move, 'from'), side(move, 'to')];
    return from !== to && ways.has(`${to} ${from}`);
  });
}

/** Whether the names stay and a value alone is another. */
export function isNewValue(move: Omit<RuleMove, 'percent'>): boolean {
  return side(move, 'from') === side(move, 'to');
}

function side(move: Omit<RuleMove, 'percent'>, end: 'from' | 'to'): string {
  const passes = end === 'from' ? move.fromPasses : move.toPasses;
  const error = end === 'from' ? move.fromError : move.toError;
  return JSON.stringify([move[end] ?? null, error ?? null, passes ?? false]);
}
