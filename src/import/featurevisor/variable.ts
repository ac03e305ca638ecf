// What `getVariable` gave for a variable of a Featurevisor feature, as a flag that requires the feature's own.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, FlagEnvironment, Outcome } from '../../model/definitions.gen.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, textMember } from '../read.ts';
import { environmentOf } from '../steps.ts';
import { keysOfValues, variationsOf, withoutOff } from '../value-type.ts';
import { segmentsOf } from './condition.ts';
import type { Feature, Rule } from './model.ts';
import { type FeatureContext, forcedSteps, trafficsOf } from './shared.ts';

const types: { readonly [type: string]: FlagDefinition['type'] | undefined } = {
  boolean: 'boolean',
  string: 'string',
  integer: 'number',
  double: 'number',
  array: 'json',
  object: 'json',
  json: 'json',
};

/** Throws Untranslatable with the reason where it cannot be said. */
export function variableFlag(
  feature: Feature,
  name: string,
  context: FeatureContext,
  place: Noted,
): FlagDefinition {
  const schema = feature.variablesSchema.get(name) ?? {};
  if (feature.variations.some((variation) => hasVariable(variation, name)))
    refuse(
      place,
      'Its value depends on the variation that a unit is dealt, and two flags are dealt apart from each other.',
    );
  const type = types[String(schema.type)];
  if (!type) refuse(place, `Its type ${ticked(String(schema.type))} is not known.`);
  const values = new Map<string, JsonValue>();
  const textOf = (given: JsonValue | undefined): string | undefined => {
    if (given === undefined) return undefined;
    const value = schema.type === 'json' && typeof given === 'string' ? parsed(given, place) : given;
    values.set(canonical(value), value);
    return canonical(value);
  };
  const fallback = textOf(member(schema, 'defaultValue')) ?? refuse(place, 'It has no default value.');
  const disabled =
    textOf(member(schema, 'disabledValue')) ??
    (schema.useDefaultWhenDisabled === true ? fallback : undefined);
  const traffics = trafficsOf(feature, context);
  // All values are known before any of them gets a key.
  for (const [, { force, rules }] of traffics)
    for (const { variables } of [...force, ...rules])
      if (isObject(variables)) textOf(member(variables, name));
  const plain = keysOfValues(values);
  const keys = type === 'boolean' && disabled === undefined ? withoutOff(plain) : plain;
  const serve = (variables: JsonValue | undefined): Outcome | undefined => {
    const text = isObject(variables) ? textOf(member(variables, name)) : undefined;
    return text === undefined ? undefined : { serve: keys.get(text) ?? '' };
  };
  const environments = traffics.map(([environment, traffic]): [string, FlagEnvironment] => {
    // Featurevisor serves what is forced before it asks whether the feature is enabled.
    if (
      traffic.force.some(({ enabled, variables }) => enabled === undefined && serve(variables) !== undefined)
    )
      refuse(place, 'It is forced for some whether the feature is enabled for them or not.');
    const forcesOn = traffic.force.some(({ enabled }) => enabled === true);
    // Whoever is forced in gets no value from a rule of 0 %.
    const emptied = (rule: Rule) => forcesOn && rule.percentage === 0;
    if (disabled !== undefined && traffic.rules.some(emptied))
      refuse(place, 'It has a value for when the feature is disabled, and none for some who are forced in.');
    const steps = [
      ...forcedSteps(traffic, context, place, ({ variables }) => serve(variables)),
      ...traffic.rules.map((rule) => ({
        when: segmentsOf(rule.segments, context.segments, place),
        then: emptied(rule)
          ? ('nothing' as const)
          : (serve(rule.variables) ?? { serve: keys.get(fallback) ?? '' }),
      })),
      { when: true, then: { serve: keys.get(fallback) ?? '' } },
    ];
    return [environment, environmentOf(steps, place.what)];
  });
  const flag = context.keyOf(feature.key, name);
  note(place, 'renamed', `What \`getVariable\` gave for ${ticked(name)} is the flag ${ticked(flag)}.`);
  const description =
    textMember(schema, 'description') ?? `The variable ${name} of ${context.keyOf(feature.key)}.`;
  return {
    flag,
    description,
    permanent: true,
    type,
    variations: variationsOf(values, keys),
    ...(disabled !== undefined && { off: keys.get(disabled) ?? '' }),
    requires: [{ flag: context.keyOf(feature.key), variation: 'on' }],
    environments: Object.fromEntries(environments),
  };
}

function hasVariable(variation: JsonObject, name: string): boolean {
  return ['variables', 'variableOverrides'].some((part) => {
    const variables = member(variation, part);
    return isObject(variables) && member(variables, name) !== undefined;
  });
}

function parsed(text: string, place: Noted): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(place, 'A value of it is not JSON.');
  }
}
