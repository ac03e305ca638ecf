// One flag of GO Feature Flag as a flag.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, FlagEnvironment } from '../../model/definitions.gen.ts';
import { describedBy } from '../described.ts';
import { and, exists, type Logic } from '../logic.ts';
import { keysFor } from '../names.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { isObject, textMember } from '../read.ts';
import { both, environmentOf, type Step } from '../steps.ts';
import { typeOf, variationsOf, withoutOff } from '../value-type.ts';
import { type Phase, phasesOf } from './phases.ts';
import { attributeOf } from './query.ts';
import { isDealt, ruleSteps } from './rule.ts';

const LEGACY = ['rule', 'percentage', 'true', 'false', 'default', 'rollout'];
const READ = new Set([
  ...[
    'variations',
    'targeting',
    'bucketingKey',
    'defaultRule',
    'scheduledRollout',
    'experimentation',
    'disable',
  ],
]);

/** The same in each of the environments. Throws Untranslatable with the reason where it cannot be said. */
export function flagOf(
  flag: JsonValue,
  key: string,
  environments: readonly string[],
  place: Noted,
): FlagDefinition {
  if (!isObject(flag)) refuse(place, 'It is no object.');
  if (LEGACY.some((name) => Object.hasOwn(flag, name)))
    refuse(
      place,
      'It is in the format before version 1: convert it with the migration tool of GO Feature Flag first.',
    );
  const phases = phasesOf(flag, place);
  const values = valuesOf(phases, place);
  const { type, mixed } = typeOf([...values.values()]);
  if (mixed)
    note(
      place,
      'changed',
      'Its variations are of several types: it is a json flag here, and apps must ask for an object.',
    );
  const bucketingKey = textMember(flag, 'bucketingKey');
  const unit = attributeOf(bucketingKey ?? 'targetingKey');
  const isAnyDealt = phases.some(({ rules, defaultRule }) =>
    [...rules, defaultRule].some((rule) => rule && isDealt(rule)),
  );
  const keyless: Logic = bucketingKey === undefined || exists(unit);
  const withKey: Logic = isAnyDealt ? { attribute: unit, operator: 'neq', value: '' } : keyless;
  const plain = { keys: keysFor(values.keys()), unit, withKey };
  const naming = type === 'boolean' ? withoutSurprise(phases, plain, place) : plain;
  for (const [name, variation] of naming.keys)
    if (name !== variation)
      note(place, 'renamed', `The variation ${ticked(name)} is ${ticked(variation)} here; its value stays.`);
  const isDisabled = phases.every(({ disabled }) => disabled);
  const enabled = phases.map((phase) => ({ ...phase, disabled: phase.disabled && !isDisabled }));
  const written = stepsOf(enabled, naming, place);
  const environment = { ...(isDisabled && { enabled: false }), ...environmentOf(written, place.what) };
  return {
    flag: key,
    ...describedBy(flag, READ, place),
    permanent: true,
    type,
    variations: variationsOf(values, naming.keys),
    ...(unit !== 'targetingKey' && { unit }),
    environments: Object.fromEntries(
      environments.map((name): [string, FlagEnvironment] => [name, environment]),
    ),
  };
}

/**
 * GO Feature Flag lets the app's own default stand while a flag is disabled, and before and after an experiment, where a
 * boolean flag would serve its variation `off`.
 */
function withoutSurprise(phases: readonly Phase[], naming: Naming, place: Noted): Naming {
  const steps = stepsOf(phases, { ...naming, withKey: true }, { ...place, notes: new Map() });
  if (!isAlwaysServed(steps, phases)) return { ...naming, keys: withoutOff(naming.keys) };
  if (naming.withKey !== true && [...naming.keys.values()].includes('off'))
    note(
      place,
      'changed',
      `Without ${ticked(naming.unit)} GO Feature Flag answers with an error and the app’s own default; here \`off\` is served.`,
    );
  return naming;
}

function valuesOf(phases: readonly Phase[], place: Noted): Map<string, JsonValue> {
  const values = new Map<string, JsonValue>();
  for (const { variations } of phases)
    for (const [name, value] of Object.entries(variations)) {
      if (value === null) refuse(place, `The variation ${ticked(name)} is null, which none is here.`);
      if (values.has(name) && JSON.stringify(values.get(name)) !== JSON.stringify(value))
        refuse(place, `The value of the variation ${ticked(name)} changes with time.`);
      values.set(name, value);
    }
  if (values.size === 0) refuse(place, 'It has no variations.');
  return values;
}

interface Naming {
  /** Of the variations, by their names. */
  keys: ReadonlyMap<string, string>;
  unit: string;
  /** Who has the key that GO Feature Flag wants: from everyone if anyone is dealt, or if the flag names one. */
  withKey: Logic;
}

/** Each phase in its time; a disabled one has no steps, so that nobody gets a value. */
function stepsOf(phases: readonly Phase[], { keys, unit, withKey }: Naming, place: Noted): Step[] {
  return phases.flatMap(({ disabled, rules, defaultRule, window }) => {
    if (disabled) return [];
    const all = [
      ...rules
        .filter((rule) => rule.disable !== true)
        .flatMap((rule) => ruleSteps(rule, false, keys, unit, place)),
      ...(defaultRule ? ruleSteps(defaultRule, true, keys, unit, place) : []),
    ];
    return all.map((step): Step => {
      // Without a key to deal by, GO Feature Flag answers with an error, whatever the rule.
      const when = and(withKey, step.when);
      return { ...step, ...both(window, { ...step, when }) };
    });
  });
}

function isAlwaysServed(steps: readonly Step[], phases: readonly Phase[]): boolean {
  const isTimed = steps.some(({ fromMs, untilMs }) => fromMs !== undefined || untilMs !== undefined);
  return !isTimed && phases.every(({ disabled }) => !disabled) && steps.at(-1)?.when === true;
}
