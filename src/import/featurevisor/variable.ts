// What `getVariable` gave for a variable of a Featurevisor feature, as a flag that requires the feature's own.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition, FlagEnvironment } from '../../model/definitions.gen.ts';
import { type Noted, note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, textMember } from '../read.ts';
import { environmentOf, type Step } from '../steps.ts';
import { keysOfValues, variationsOf, withoutOff } from '../value-type.ts';
import { segmentsOf } from './condition.ts';
import type { Feature, Rule, Traffic } from './model.ts';
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
  const type = Object.hasOwn(types, String(schema.type)) ? types[String(schema.type)] : undefined;
  if (!type) refuse(place, `Its type ${ticked(String(schema.type ?? 'none'))} is not known.`);
  const traffics = trafficsOf(feature, context);
  for (const [, { force, rules }] of traffics) {
    if ([...force, ...rules].some(({ variables }) => isObject(variables) && hasPart(variables, name)))
      refuse(place, 'A rule changes only a part of its value.');
    if (rules.some(({ overrides }) => member(overrides, name) !== undefined))
      refuse(place, 'A rule overrides its value for some of those whom it takes.');
  }
  const variable = new Variable(name, schema, traffics, place);
  const environments = traffics.map(([environment, traffic]): [string, FlagEnvironment] => {
    const steps = stepsOf(traffic, variable, context, place);
    return [environment, environmentOf(steps, place.what)];
  });
  const flag = context.keyOf(feature.key, name);
  if (feature.required.length > 0)
    note(
      place,
      'changed',
      `Where a required feature has no variable ${ticked(name)} itself, Featurevisor’s SDK for JavaScript gives none here; Halyard gives the value.`,
    );
  note(place, 'renamed', `What \`getVariable\` gave for ${ticked(name)} is the flag ${ticked(flag)}.`);
  const description =
    textMember(schema, 'description') ?? `The variable ${name} of ${context.keyOf(feature.key)}.`;
  return {
    flag,
    description,
    permanent: true,
    type,
    variations: variationsOf(variable.values, variable.keys),
    ...(variable.disabled && { off: variable.disabled.serve }),
    requires: [{ flag: context.keyOf(feature.key), variation: 'on' }],
    environments: Object.fromEntries(environments),
  };
}

/** The values that a variable can have, and what serves them. */
class Variable {
  /** By their canonical texts. */
  readonly values = new Map<string, JsonValue>();
  readonly keys: ReadonlyMap<string, string>;
  readonly fallback: { serve: string };
  /** What is served while the feature is disabled; without it, the app's own default stands. */
  readonly disabled: { serve: string } | undefined;
  readonly #name: string;
  readonly #isJson: boolean;
  readonly #place: Noted;

  constructor(name: string, schema: JsonObject, traffics: readonly [string, Traffic][], place: Noted) {
    this.#name = name;
    this.#isJson = schema.type === 'json';
    this.#place = place;
    const fallback =
      this.#textOf(member(schema, 'defaultValue')) ?? refuse(place, 'It has no default value.');
    const whenDisabled = schema.useDefaultWhenDisabled === true ? fallback : undefined;
    const disabled = this.#textOf(member(schema, 'disabledValue')) ?? whenDisabled;
    // All values are known before any of them gets a key.
    for (const [, { force, rules }] of traffics)
      for (const { variables } of [...force, ...rules]) this.#given(variables);
    const keys = keysOfValues(this.values);
    this.keys = schema.type === 'boolean' && disabled === undefined ? withoutOff(keys) : keys;
    this.fallback = this.#serve(fallback);
    this.disabled = disabled === undefined ? undefined : this.#serve(disabled);
  }

  /** Undefined where the variables of a rule say nothing of this one. */
  served(variables: JsonValue | undefined): { serve: string } | undefined {
    const text = this.#given(variables);
    return text === undefined ? undefined : this.#serve(text);
  }

  #given(variables: JsonValue | undefined): string | undefined {
    return isObject(variables) ? this.#textOf(member(variables, this.#name)) : undefined;
  }

  #serve(text: string): { serve: string } {
    return { serve: this.keys.get(text) ?? '' };
  }

  #textOf(given: JsonValue | undefined): string | undefined {
    if (given === undefined) return undefined;
    const value = this.#isJson && typeof given === 'string' ? parsed(given, this.#place) : given;
    this.values.set(canonical(value), value);
    return canonical(value);
  }
}

function stepsOf(traffic: Traffic, variable: Variable, context: FeatureContext, place: Noted): Step[] {
  const { force, rules } = traffic;
  // Featurevisor serves what is forced before it asks whether the feature is enabled.
  if (force.some(({ enabled, variables }) => enabled === undefined && variable.served(variables)))
    refuse(place, 'It is forced for some whether the feature is enabled for them or not.');
  // Whoever is forced in gets no value from a rule of 0 %.
  const forcesOn = force.some(({ enabled }) => enabled === true);
  const isEmpty = (rule: Rule) => forcesOn && rule.percentage === 0;
  if (variable.disabled && rules.some(isEmpty))
    refuse(place, 'It has a value for when the feature is disabled, and none for some who are forced in.');
  const served = rules.map((rule): Step => {
    const when = segmentsOf(rule.segments, context.segments, place);
    return { when, then: isEmpty(rule) ? 'nothing' : (variable.served(rule.variables) ?? variable.fallback) };
  });
  const forced = forcedSteps(traffic, context, place, ({ variables }) => variable.served(variables));
  return [...forced, ...served, { when: true, then: variable.fallback }];
}

function hasVariable(variation: JsonObject, name: string): boolean {
  return ['variables', 'variableOverrides'].some((part) => {
    const variables = member(variation, part);
    return isObject(variables) && (member(variables, name) !== undefined || hasPart(variables, name));
  });
}

/** `config.width` and `tags[0]` change a part of `config` and `tags`. */
function hasPart(variables: JsonObject, name: string): boolean {
  return Object.keys(variables).some((key) => key.startsWith(`${name}.`) || key.startsWith(`${name}[`));
}

function parsed(text: string, place: Noted): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(place, 'A value of it is not JSON.');
  }
}
