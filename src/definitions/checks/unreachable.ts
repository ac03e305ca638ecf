// Rules that nobody reaches, or nobody of their share: the targets and the rules before them take everyone for whom they
// hold.

import { ticked } from '../../lib/printable.ts';
import { type Claim, claim } from '../../logic/claim.ts';
import type { FlagEnvironment, Rule } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import type { Reasoner } from './reasoner.ts';
import { ALL, covers, mostOf, pieces, type Taking, type Time, takingOf, timeOf } from './times.ts';

/** A rule that takes some of those for whom it holds, in this time. */
interface Taker extends Taking {
  rule: Rule;
  name: string;
  /** What is true of those whom it leaves, but for their buckets. */
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
    // All rules of a flag share their buckets, so a larger share holds a smaller one.
    const able = takers.filter(({ share }) => share >= mostOf(rule));
    const words = wordsFor(rule, when, able, targeted, reasoner);
    if (words) return [{ code: 'unreachable-rule', path: [...path, 'rules', i], ...words }];
    const taking = takingOf(rule);
    if (taking) takers.push({ rule, name: rule.name ?? `#${i + 1}`, ...taking, left: leftBy(rule) });
    return [];
  });
}

type Words = Pick<Finding, 'message' | 'hint'>;

/** Who takes all of the rule's units; undefined where someone may reach it. */
function wordsFor(
  rule: Rule,
  when: Time,
  takers: readonly Taker[],
  targeted: readonly Claim[],
  reasoner: Reasoner,
): Words | undefined {
  const isAlike = (taker: Rule) => taker.if === undefined || isSame(taker.if, rule.if);
  const one = takers.find((taker) => covers(taker.when, when) && isAlike(taker.rule));
  if (one && one.share < ALL) return shareWords(sentence([ticked(one.name)], false));
  if (one) {
    const taken = one.rule.if ? 'has the same condition' : 'takes everyone';
    return neverWords(`the rule ${ticked(one.name)} before it ${taken}`);
  }
  if (takers.length + targeted.length === 0) return undefined;
  const rivals = rivalsOf(rule, takers, reasoner);
  const found = allTaken(rule, when, rivals, targeted, reasoner);
  if (!found) return undefined;
  const who = rivals.filter(({ left }) => found.needed.has(left));
  const names = who.map(({ name }) => ticked(name));
  const take = sentence(
    names,
    targeted.some((each) => found.needed.has(each)),
  );
  const given = [...found.leansOn].join(' and ');
  const declared = given && `, given the ${given} that project.yaml declares`;
  if (who.some(({ share }) => share < ALL)) return shareWords(take, declared);
  return neverWords(`${take} everyone for whom it holds${declared}`, who.length === 0);
}

/** By what is left that is needed, and by which declarations, nobody is left; undefined where someone may be. */
function allTaken(
  rule: Rule,
  when: Time,
  rivals: readonly Taker[],
  targeted: readonly Claim[],
  reasoner: Reasoner,
): { needed: ReadonlySet<Claim>; leansOn: ReadonlySet<string> } | undefined {
  const asked = rule.if ? [claim(rule.if, true)] : [];
  const needed = new Set<Claim>();
  const leansOn = new Set<string>();
  const times = rivals.map((taker) => taker.when);
  for (const piece of pieces(when, times)) {
    const active = rivals.filter((taker) => covers(taker.when, piece));
    const left = [...targeted, ...active.map((taker) => taker.left)];
    // A rule that holds for nobody has another fault.
    if (reasoner.isPossible([...asked, ...left]) || !reasoner.isPossible(asked)) return undefined;
    const fewest = reasoner.fewest(asked, left);
    for (const each of fewest) needed.add(each);
    const what = reasoner.leansOn([...asked, ...fewest]);
    if (what) leansOn.add(what);
  }
  return { needed, leansOn };
}

function neverWords(why: string, isOfTargetsAlone = false): Words {
  const hint = isOfTargetsAlone
    ? 'Remove it, or take its units out of the targets.'
    : 'Move it up, or remove it.';
  return { message: `The rule is never reached: ${why}.`, hint };
}

function shareWords(take: string, declared = ''): Words {
  const message = `The rule takes nobody: ${take} everyone in its percentage${declared}, since the rules of a flag share their buckets.`;
  return { message, hint: 'Give it a larger percentage, move it up, or remove it.' };
}

/** Of more takers than that, those who could take anyone are picked first: of a long table of rules few. */
const MANY = 8;

function rivalsOf(rule: Rule, takers: readonly Taker[], reasoner: Reasoner): readonly Taker[] {
  const { if: condition } = rule;
  if (!condition || takers.length <= MANY) return takers;
  return takers.filter(
    (taker) => !taker.rule.if || reasoner.isPossible([claim(condition, true), claim(taker.rule.if, true)]),
  );
}

/** Nobody, where the rule holds for everyone. */
function leftBy(rule: Rule): Claim {
  return rule.if ? claim(rule.if, false) : { kind: 'any', claims: [] };
}

/** Two JSON values, member by member. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return a === b;
  const [members, others] = [Object.entries(a), new Map(Object.entries(b))];
  return members.length === others.size && members.every(([name, value]) => isSame(value, others.get(name)));
}

const MOST_NAMES = 5;

/** `names` are those of rules. */
function sentence(names: readonly string[], withTargets: boolean): string {
  if (names.length === 0) return 'the targets take';
  const rest = names.length - MOST_NAMES;
  const shown = rest > 0 ? [...names.slice(0, MOST_NAMES), `${rest} more`] : names;
  const last = shown.at(-1);
  const list = shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
  const rules = `the ${names.length === 1 ? 'rule' : 'rules'} ${list} before it`;
  if (withTargets) return `the targets and ${rules} together take`;
  return names.length === 1 ? `${rules} takes` : `${rules} together take`;
}
