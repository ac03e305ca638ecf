// One case against the definitions: every rule, variation, experiment and arm that it names is one.

import { variationsOf } from '../definitions/checks/walk.ts';
import type { Finding, Path } from '../definitions/finding.ts';
import { hintFor } from '../definitions/suggest.ts';
import { canonical, type JsonValue } from '../lib/json.ts';
import { printable, ticked } from '../lib/printable.ts';
import type { FlagDefinition } from '../model/definitions.gen.ts';
import { armFindings, armsOf, type FixedArms } from './arms.ts';
import { ERROR_CODES, type Expected, type Field, REASONS } from './flag-case.ts';
import { ruleNames, type TestWorld } from './world.ts';

/** The flag that is tested, and where. */
export interface Tested {
  key: string;
  flag: FlagDefinition;
  environments: readonly string[];
}

type Fault = Omit<Finding, 'path'>;

/** Names that may be expected of a field. Null is always fine: the decision has none. */
const NAMES: {
  readonly [Named in Exclude<Field, 'value' | 'variation'>]: (
    expected: string,
    tested: Tested,
    world: TestWorld,
  ) => Fault | undefined;
} = {
  reason: (expected) => notAmong(expected, REASONS, 'reason'),
  errorCode: (expected) => notAmong(expected, ERROR_CODES, 'error code that a test can meet'),
  rule(expected, { key, flag, environments }) {
    for (const environment of environments) {
      const names = ruleNames(flag, environment);
      if (names.includes(expected)) continue;
      const message = `The flag ${ticked(key)} has no rule ${ticked(expected)} in ${environment}.`;
      const hint = hintFor(expected, names, 'Write null where no rule decides.', 'Its rules are');
      return { code: 'unknown-rule', message, hint };
    }
    return undefined;
  },
  experiment: (expected, _, world) =>
    world.experiments.has(expected) ? undefined : unknownExperiment(expected, world),
  arm(expected, { key }, world) {
    const arms = [...world.experiments.values()].flatMap((each) => (each.flag === key ? armsOf(each) : []));
    if (arms.includes(expected)) return undefined;
    const message = `No experiment of the flag ${ticked(key)} has the arm ${ticked(expected)}.`;
    const hint = hintFor(expected, [...new Set(arms)], 'Write null where no experiment decides.', 'Arms are');
    return { code: 'unknown-arm', message, hint };
  },
  requires(expected, { key, flag }) {
    const required = (flag.requires ?? []).map((requirement) => requirement.flag);
    if (required.includes(expected)) return undefined;
    const message = `The flag ${ticked(key)} does not require ${ticked(expected)}.`;
    const hint = hintFor(expected, required, 'Write null: it requires no flag.', 'It requires');
    return { code: 'unknown-flag', message, hint };
  },
};

function faultOf(field: Field, expected: JsonValue, tested: Tested, world: TestWorld): Fault | undefined {
  if (expected === null) return undefined;
  if (field === 'value') return unknownValue(expected, tested.flag);
  if (field === 'variation') return unknownVariation(expected, tested.flag);
  if (typeof expected === 'string') return NAMES[field](expected, tested, world);
  const message = `A name is expected here, not ${shown(expected)}.`;
  return { code: 'wrong-type', message, hint: 'Quote it, if it is a name.' };
}

/** `path` is that of `expect`; `isList` says of which fields the expectation is written as a list. */
export function expectationFindings(
  expected: readonly Expected[],
  path: Path,
  isList: (field: Field) => boolean,
  tested: Tested,
  world: TestWorld,
): Finding[] {
  return expected.flatMap(({ field, anyOf }) =>
    anyOf.flatMap((each, index): Finding[] => {
      const finding = faultOf(field, each, tested, world);
      const at = isList(field) ? [...path, field, index] : [...path, field];
      return finding ? [{ ...finding, path: at }] : [];
    }),
  );
}

/** `path` is that of the range. */
export function bucketFindings(anyOf: readonly (string | null)[], path: Path, { flag }: Tested): Finding[] {
  return anyOf.flatMap((each): Finding[] => {
    const finding = unknownVariation(each, flag);
    return finding ? [{ ...finding, path }] : [];
  });
}

/** What is wrong with the experiments that a case fixes. `path` is that of `experiments`. */
export function experimentFindings(fixed: FixedArms, path: Path, world: TestWorld): Finding[] {
  const unknown = fixed.flatMap(([key]): Finding[] =>
    world.experiments.has(key) ? [] : [{ ...unknownExperiment(key, world), path: [...path, key], on: 'key' }],
  );
  return [...unknown, ...armFindings(fixed, path, world)];
}

function unknownValue(expected: JsonValue, flag: FlagDefinition): Fault | undefined {
  const known = Object.entries(variationsOf(flag));
  if (known.some(([, value]) => canonical(value) === canonical(expected))) return undefined;
  const message = `No variation of the flag has the value ${shown(expected)}.`;
  const names = known.map(([name]) => name);
  if (typeof expected === 'string' && names.includes(expected))
    return { code: 'unknown-value', message, hint: `Did you mean \`variation: ${expected}\`?` };
  const values = known.map(([, value]) => shown(value)).join(', ');
  return { code: 'unknown-value', message, hint: `Its values are: ${printable(values, 300)}.` };
}

function unknownVariation(expected: JsonValue, flag: FlagDefinition): Fault | undefined {
  const names = Object.keys(variationsOf(flag));
  if (typeof expected !== 'string')
    return expected === null
      ? undefined
      : {
          code: 'unknown-variation',
          message: `A variation is named here, not its value ${shown(expected)}.`,
          hint: `Its variations are: ${printable(names.join(', '), 300)}.`,
        };
  if (names.includes(expected)) return undefined;
  const hint = hintFor(expected, names, 'Name one of its variations.', 'Its variations are');
  return { code: 'unknown-variation', message: `The flag has no variation ${ticked(expected)}.`, hint };
}

function notAmong(expected: string, known: readonly string[], what: string): Fault | undefined {
  if (known.includes(expected)) return undefined;
  const hint = `Allowed are: ${known.map(ticked).join(', ')}.`;
  return { code: 'wrong-value', message: `${ticked(expected)} is no ${what}.`, hint };
}

function unknownExperiment(key: string, world: TestWorld): Fault {
  const hint = world.suggestions.hintFor(key, world.experiments, 'Name one that there is.');
  return { code: 'unknown-experiment', message: `There is no experiment ${ticked(key)}.`, hint };
}

function shown(value: unknown): string {
  return `\`${printable(JSON.stringify(value), 100)}\``;
}
