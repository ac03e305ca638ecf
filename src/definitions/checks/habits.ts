// Warnings about one flag by itself: what a reader misses, and rules that nobody reaches.

import { epochMs, parseInstant } from '../../engine/operands/instant.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, Outcome, Rule } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { hundredths } from './shares.ts';
import { outcomesOf } from './walk.ts';

export function habitFindings(flag: FlagDefinition): Finding[] {
  const findings: Finding[] = [];
  if (!flag.owner?.trim()) {
    const message = 'Nobody answers for the flag.';
    findings.push({
      code: 'flag-without-owner',
      path: [],
      message,
      hint: 'Add `owner:` with a team or a person.',
    });
  }
  if (!flag.description?.trim()) {
    const message = 'The flag does not say what it does.';
    findings.push({
      code: 'flag-without-description',
      path: [],
      message,
      hint: 'Add `description:` with a sentence.',
    });
  }
  for (const { outcome, path } of outcomesOf(flag)) {
    if (!('serve' in outcome) || !outcome.linear || outcome.ramp?.length !== 1) continue;
    findings.push({
      code: 'linear-without-effect',
      path: [...path, 'linear'],
      on: 'key',
      message: 'The ramp has one step, so there is nothing between steps.',
      hint: 'Remove `linear`, or add the step at which the ramp begins.',
    });
  }
  for (const [environment, { rules = [] }] of Object.entries(flag.environments)) {
    findings.push(...ruleFindings(rules, ['environments', environment, 'rules']));
  }
  return findings;
}

function ruleFindings(rules: readonly Rule[], path: Path): Finding[] {
  const findings: Finding[] = rules.flatMap(({ name }, i) => {
    if (name !== undefined) return [];
    const message = `The rule has no name: decisions and plans can only call it \`#${i + 1}\`.`;
    return [{ code: 'rule-without-name', path: [...path, i], message, hint: 'Add `name:`.' }];
  });
  // By condition, the rules that take all for whom they hold, and when.
  const takers = new Map<string, Taker[]>();
  for (const [i, rule] of rules.entries()) {
    const whom = rule.if ? JSON.stringify(rule.if) : EVERYONE;
    const when = timeOf(rule);
    const among = new Set([EVERYONE, whom]);
    const before = [...among]
      .flatMap((each) => takers.get(each) ?? [])
      .find(({ from, until }) => when && from <= when.from && until >= when.until);
    if (before === undefined) {
      const all = when && timeOfAll(rule.then, when);
      if (all) takers.set(whom, [...(takers.get(whom) ?? []), { ...all, index: i }]);
      continue;
    }
    const name = rules[before.index]?.name ?? `#${before.index + 1}`;
    const taken = rules[before.index]?.if ? 'has the same condition' : 'takes everyone';
    const message = `The rule is never reached: the rule ${ticked(name)} before it ${taken}.`;
    findings.push({
      code: 'unreachable-rule',
      path: [...path, i],
      message,
      hint: 'Move it up, or remove it.',
    });
  }
  return findings;
}

const EVERYONE = '';

/** Half-open, in epoch milliseconds. */
interface Time {
  from: number;
  until: number;
}

/** A rule that takes everyone for whom it holds, in this time. */
interface Taker extends Time {
  index: number;
}

/** When a rule holds; undefined where its instants are none, which is said elsewhere. */
function timeOf({ from, until }: Rule): Time | undefined {
  if ([from, until].some((text) => text !== undefined && !parseInstant(text))) return undefined;
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : epochMs(from),
    until: until === undefined ? Number.POSITIVE_INFINITY : epochMs(until),
  };
}

/**
 * The part of a time in which each either gets a variation or, for want of a unit, an error: nobody goes on to the next
 * rule. A ramp that ends at 100 percent does so from its last step on.
 */
function timeOfAll(then: Outcome, when: Time): Time | undefined {
  if ('rollout' in then) return when;
  if (!('serve' in then)) return undefined;
  const last = then.ramp?.at(-1);
  if (last && !parseInstant(last.at)) return undefined;
  const percent = last?.percent ?? then.percent ?? 100;
  if (hundredths(percent) !== 10_000) return undefined;
  return last ? { from: Math.max(when.from, epochMs(last.at)), until: when.until } : when;
}
