// Rules that nobody reaches: the targets and the rules before them take everyone for whom they hold.

import { ticked } from '../../lib/printable.ts';
import { type Claim, claim } from '../../logic/claim.ts';
import type { FlagEnvironment, Rule } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import type { Reasoner } from './reasoner.ts';
import { covers, pieces, type Time, timeOf, timeOfAll } from './times.ts';

/** A rule that takes everyone for whom it holds, in this time. */
interface Taker {
  rule: Rule;
  name: string;
  when: Time;
  /** What is true of those whom it leaves. */
  left: Claim;
}

/** `path` is that of the environment, `unit` the flag's. */
export function unreachableRules(
  { targets = {}, rules = [] }: FlagEnvironment,
  path: Path,
  unit: string,
  reasoner: Reasoner,
): Finding[] {
  const units = Object.values(targets).flat().map(String);
  const targeted: Claim[] = units.length > 0 ? [{ kind: 'units', unit, among: units, holds: false }] : [];
  const takers: Taker[] = [];
  return rules.flatMap((rule, i): Finding[] => {
    const when = timeOf(rule);
    if (!when) return [];
    const message = messageFor(rule, when, takers, targeted, reasoner);
    const all = timeOfAll(rule);
    if (message === undefined) {
      if (all) takers.push({ rule, name: rule.name ?? `#${i + 1}`, when: all, left: leftBy(rule) });
      return [];
    }
    const hint = 'Move it up, or remove it.';
    return [{ code: 'unreachable-rule', path: [...path, 'rules', i], message, hint }];
  });
}

/** Who takes all of the rule's units, as a sentence; undefined where someone may reach it. */
function messageFor(
  rule: Rule,
  when: Time,
  takers: readonly Taker[],
  targeted: readonly Claim[],
  reasoner: Reasoner,
): string | undefined {
  const one = takers.find((taker) => covers(taker.when, when) && isAlike(taker.rule, rule));
  if (one) {
    const taken = one.rule.if ? 'has the same condition' : 'takes everyone';
    return `The rule is never reached: the rule ${ticked(one.name)} before it ${taken}.`;
  }
  if (takers.length + targeted.length === 0 || (rule.if && !reasoner.holdsForSome(rule.if))) return undefined;
  const asked = rule.if ? [claim(rule.if, true)] : [];
  const names = new Set<string>();
  let leansOnValues = false;
  const times = takers.map((taker) => taker.when);
  for (const piece of pieces(when, times)) {
    const active = takers.filter((taker) => covers(taker.when, piece));
    const left = [...targeted, ...active.map((taker) => taker.left)];
    if (reasoner.isPossible([...asked, ...left])) return undefined;
    const needed = new Set(reasoner.fewest(asked, left));
    if (targeted.some((each) => needed.has(each))) names.add('the targets');
    for (const taker of active) if (needed.has(taker.left)) names.add(`the rule ${ticked(taker.name)}`);
    leansOnValues ||= reasoner.leansOnValues([...asked, ...needed]);
  }
  const values = leansOnValues ? ', given the values that project.yaml declares' : '';
  return `The rule is never reached: ${sentence([...names])} everyone for whom it holds${values}.`;
}

/** Nobody, where the rule holds for everyone. */
function leftBy(rule: Rule): Claim {
  return rule.if ? claim(rule.if, false) : { kind: 'any', claims: [] };
}

function isAlike(taker: Rule, rule: Rule): boolean {
  return taker.if === undefined || JSON.stringify(taker.if) === JSON.stringify(rule.if);
}

const MOST_NAMES = 5;

function sentence(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  if (more > 0) shown.push(`${more} more`);
  const last = shown.pop() ?? '';
  if (shown.length === 0) return `${last} before it ${last === 'the targets' ? 'take' : 'takes'}`;
  return `${shown.join(', ')} and ${last} before it together take`;
}
