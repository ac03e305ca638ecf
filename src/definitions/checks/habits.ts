// Warnings about one flag by itself: what a reader misses, and rules that nobody reaches.
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, Outcome, Rule } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { hundredths } from './shares.ts';

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
  // By condition, the first rule that takes all for whom it holds.
  const takenBy = new Map<string, number>();
  for (const [i, { if: condition, then }] of rules.entries()) {
    const whom = condition ? JSON.stringify(condition) : EVERYONE;
    const before = takenBy.get(EVERYONE) ?? takenBy.get(whom);
    if (before === undefined) {
      if (takesAll(then)) takenBy.set(whom, i);
      continue;
    }
    const name = rules[before]?.name ?? `#${before + 1}`;
    const taken = rules[before]?.if ? 'has the same condition' : 'takes everyone';
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

/** Each either gets a variation or, for want of a unit, an error: nobody goes on to the next rule. */
function takesAll(then: Outcome): boolean {
  if ('rollout' in then) return true;
  return 'serve' in then && (then.percent === undefined || hundredths(then.percent) === 10_000);
}
