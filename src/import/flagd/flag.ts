// One flag of flagd as a flag.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, FlagEnvironment } from '../../model/definitions.gen.ts';
import { describedBy } from '../described.ts';
import { keysFor } from '../names.ts';
import { note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, textMember } from '../read.ts';
import { environmentOf, type Step } from '../steps.ts';
import { typeOf, variationsOf, withoutOff } from '../value-type.ts';
import type { Scope } from './scope.ts';
import { stepsOf, type Variants } from './targeting.ts';

const READ = new Set(['key', 'state', 'variants', 'defaultVariant', 'targeting']);

/** The same in each of the environments. Throws Untranslatable with the reason where it cannot be said. */
export function flagOf(
  flag: JsonValue,
  key: string,
  environments: readonly string[],
  scope: Scope,
): FlagDefinition {
  if (!isObject(flag)) refuse(scope, 'It is no object.');
  const enabled = member(flag, 'state') === 'ENABLED';
  if (!enabled && member(flag, 'state') !== 'DISABLED')
    refuse(scope, '`state` is neither ENABLED nor DISABLED.');
  const values = valuesOf(flag, scope);
  const { type, mixed } = typeOf([...values.values()]);
  if (mixed)
    note(
      scope,
      'changed',
      'Its variants are of several types: it is a json flag here, and apps must ask for an object.',
    );
  const { keys, steps, units } = decided(flag, { values, enabled, type }, scope);
  const [unit = 'targetingKey', ...others] = units;
  if (others.length > 0) refuse(scope, `It splits by ${[unit, ...others].map(ticked).join(' and by ')}.`);
  for (const [name, variation] of keys)
    if (name !== variation)
      note(
        scope,
        'renamed',
        `The variant ${ticked(name)} is the variation ${ticked(variation)} here; its value stays.`,
      );
  const environment = { ...(!enabled && { enabled }), ...environmentOf(steps, scope.what) };
  return {
    flag: key,
    ...describedBy(flag, READ, scope),
    permanent: true,
    type,
    variations: variationsOf(values, keys),
    ...(unit !== 'targetingKey' && { unit }),
    environments: Object.fromEntries(
      environments.map((name): [string, FlagEnvironment] => [name, environment]),
    ),
  };
}

function valuesOf(flag: JsonObject, scope: Scope): Map<string, JsonValue> {
  const variants = member(flag, 'variants');
  if (!isObject(variants) || Object.keys(variants).length === 0) refuse(scope, 'It has no variants.');
  const values = new Map(Object.entries(variants));
  for (const [name, value] of values)
    if (value === null) refuse(scope, `The variant ${ticked(name)} is null, which no variation is.`);
  return values;
}

interface Decided {
  /** The keys of the variations by the names of the variants. */
  keys: Map<string, string>;
  steps: Step[];
  units: Set<string>;
}

function decided(
  flag: JsonObject,
  {
    values,
    enabled,
    type,
  }: { values: Map<string, JsonValue>; enabled: boolean; type: FlagDefinition['type'] },
  scope: Scope,
): Decided {
  const fallback = textMember(flag, 'defaultVariant');
  if (fallback !== undefined && !values.has(fallback))
    refuse(scope, `Its default variant ${ticked(fallback)} is not among its variants.`);
  const targeting = member(flag, 'targeting');
  if (targeting !== undefined && !isObject(targeting)) refuse(scope, 'Its targeting is no expression.');
  const logic = targeting && Object.keys(targeting).length > 0 ? targeting : null;
  const make = (keys: Map<string, string>): Decided => {
    const variants: Variants = { keys, ...(fallback !== undefined && { fallback }), units: new Set() };
    return { keys, steps: stepsOf(logic, variants, scope), units: variants.units };
  };
  const plain = make(keysFor(values.keys()));
  const givesNothing = !enabled || plain.steps.some(({ then }) => then === 'nothing');
  // Where flagd lets the app's own default stand, a boolean flag serves its variation `off`, if it has one.
  if (type !== 'boolean' || !givesNothing || ![...plain.keys.values()].includes('off')) return plain;
  return make(withoutOff(plain.keys));
}
