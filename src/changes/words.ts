// Changes in words, one line each: `one-page-checkout  prod  rule "US ramp"  percent 10 → 25`.
import { printable } from '../lib/printable.ts';
import type { Change, PatchItem } from '../model/change.ts';
import { PERSONAL } from './value-text.ts';

/** Longer values are cut: these lines are for a terminal. */
const LONGEST_VALUE = 80;
/** So much of what two long values begin with alike is left before their difference. */
const CONTEXT = 20;

/** The lines for all changes of one entry. What several rows of one definition say alike is said once. */
export function changesInWords(changes: readonly Change[]): string[] {
  const things = new Map<string, Change[]>();
  for (const change of changes) {
    const id = `${change.kind} ${change.key}`;
    things.set(id, [...(things.get(id) ?? []), change]);
  }
  return [...things.values()].flatMap(thingInWords);
}

function thingInWords(changes: Change[]): string[] {
  const whole = changes.find(({ environment }) => environment === undefined);
  const parts = changes.filter(({ environment }) => environment !== undefined);
  if (whole && whole.action !== 'updated') return [line(whole, whole.action)];
  // What a flag's file says of an environment is said by that environment's own row, if it means anything there.
  const general = (whole?.patch ?? []).filter(
    ({ at }) => at === '' || parts.length === 0 || whole?.kind !== 'flag',
  );
  const said = new Set(general.map(itemInWords));
  const lines = whole ? general.map((item) => line(whole, itemInWords(item))) : [];
  for (const part of parts) {
    if (part.action !== 'updated') lines.push(line(part, part.action));
    // Any other kind's rows repeat, in their normal form, what their definition has said.
    if (whole && whole.kind !== 'flag') continue;
    for (const item of part.patch) {
      const words = itemInWords(item);
      if (!said.has(words)) lines.push(line(part, words));
    }
  }
  return lines;
}

function line({ kind, key, environment }: Change, words: string): string {
  const thing = kind === 'flag' ? key : kind === 'access' ? 'access policy' : `${kind} ${key}`;
  return [thing, ...(environment === undefined ? [] : [environment]), words].join('  ');
}

function itemInWords(item: PatchItem): string {
  const said = difference(item);
  return item.at === '' ? said : `${printable(item.at, LONGEST_VALUE)}  ${said}`;
}

function difference({ field, before, after }: PatchItem): string {
  const name = printable(field);
  if (before === PERSONAL && after === PERSONAL) return `${name} changed`;
  if (before === undefined) return `${name} added: ${value(after)}`;
  if (after === undefined) return `${name} removed: ${value(before)}`;
  if (before === after) return `${name} changed: ${value(after)}`;
  const from = firstDifference(before, after);
  return `${name} ${value(before, from)} → ${value(after, from)}`;
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

/** The value; where it differs too late at `from` to be seen, the part around that. */
function value(text = '', from = 0): string {
  const shown = from < LONGEST_VALUE - CONTEXT ? text : `…${text.slice(from - CONTEXT)}`;
  return printable(shown.toWellFormed(), LONGEST_VALUE);
}
