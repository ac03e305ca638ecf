// The variations of a flag: values that fit its type, and names that are used where one is expected.
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import type { Finding, Path } from '../finding.ts';
import { hintFor } from '../suggest.ts';
import { outcomesOf, variationsOf } from './walk.ts';

export function variationFindings(flag: FlagDefinition): Finding[] {
  if (!flag.variations && flag.type !== 'boolean') {
    const message = `A ${flag.type} flag has no values of its own: expected \`variations\`.`;
    return [
      { code: 'missing-key', path: ['type'], message, hint: 'List the values by name under `variations`.' },
    ];
  }
  return [...valueFindings(flag), ...nameFindings(flag)];
}

/** What to write for a value of a type. */
export const hintsByType = {
  string: 'Quote it.',
  number: 'Write a number, without quotes.',
  boolean: 'Write `true` or `false`, without quotes: `yes` and `on` are texts in YAML 1.2.',
} as const;

function valueFindings({ type, variations = {} }: FlagDefinition): Finding[] {
  if (type === 'json') return [];
  return Object.entries(variations).flatMap(([name, value]): Finding[] => {
    if (typeof value === type) return [];
    const message = `The variation ${ticked(name)} does not fit the flag's type: expected a ${type}.`;
    const hint =
      typeof value === 'object' ? 'A flag of the type `json` takes lists and mappings.' : hintsByType[type];
    return [{ code: 'value-not-of-type', path: ['variations', name], message, hint }];
  });
}

function nameFindings(flag: FlagDefinition): Finding[] {
  const known = Object.keys(variationsOf(flag));
  const findings: Finding[] = [];
  const expectVariation = (name: string | undefined, path: Path, on?: 'key') => {
    if (name === undefined || known.includes(name)) return;
    const hint = hintFor(name, known, 'Name one of its variations.', 'Its variations');
    findings.push({
      code: 'unknown-variation',
      path,
      ...(on && { on }),
      message: `The flag has no variation ${ticked(name)}.`,
      hint,
    });
  };
  expectVariation(flag.off, ['off']);
  for (const [environment, { targets = {} }] of Object.entries(flag.environments)) {
    for (const name of Object.keys(targets)) {
      expectVariation(name, ['environments', environment, 'targets', name], 'key');
    }
  }
  for (const { outcome, path } of outcomesOf(flag)) {
    if ('serve' in outcome) expectVariation(outcome.serve, [...path, 'serve']);
    if (!('rollout' in outcome)) continue;
    for (const [i, { key }] of outcome.rollout.variations.entries()) {
      expectVariation(key, [...path, 'rollout', 'variations', i, 'key']);
    }
  }
  return findings;
}
