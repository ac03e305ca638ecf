// Warnings about one flag by itself: what a reader misses, and rules that nobody reaches.
import type { FlagDefinition, Rule } from '../../model/definitions.gen.ts';
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
  const last = rules.findIndex(takesEveryone);
  if (last === -1) return findings;
  for (let i = last + 1; i < rules.length; i++) {
    const message = `The rule is never reached: the rule \`${rules[last]?.name ?? `#${last + 1}`}\` before it takes everyone.`;
    findings.push({
      code: 'unreachable-rule',
      path: [...path, i],
      message,
      hint: 'Move it up, or remove it.',
    });
  }
  return findings;
}

/** Everyone else either gets a variation or, for want of a unit, an error: nobody goes on to the next rule. */
function takesEveryone({ if: condition, then }: Rule): boolean {
  if (condition) return false;
  if ('rollout' in then) return true;
  return 'serve' in then && (then.percent === undefined || hundredths(then.percent) === 10_000);
}
