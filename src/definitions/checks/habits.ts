// Warnings about one flag by itself: what a reader misses.
import type { FlagDefinition, Rule } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
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
  return rules.flatMap(({ name }, i) => {
    if (name !== undefined) return [];
    const message = `The rule has no name: decisions and plans can only call it \`#${i + 1}\`.`;
    return [{ code: 'rule-without-name', path: [...path, i], message, hint: 'Add `name:`.' }];
  });
}
