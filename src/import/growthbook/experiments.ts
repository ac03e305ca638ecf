// Experiments of GrowthBook: rules with variations, and the keys that their definitions get.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { ExperimentDefinition } from '../../model/definitions.gen.ts';
import { keysFor } from '../names.ts';
import { note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, objectsIn, textMember } from '../read.ts';
import { percentOf, sharesOf } from '../shares.ts';
import { attributeOf } from './attribute.ts';
import type { Scope } from './scope.ts';

/** The same experiment may stand in several rules and features, and each of them is a definition. */
export class ExperimentNames {
  readonly #keys: ReadonlyMap<string, string>;
  readonly #namesByRule = new Map<JsonObject, string>();
  readonly #usesByName = new Map<string, number>();

  constructor(features: readonly (readonly [string, JsonValue])[]) {
    for (const [id, feature] of features)
      for (const rule of isObject(feature) ? objectsIn(member(feature, 'rules')) : []) {
        if (!Array.isArray(rule.variations)) continue;
        const name = textMember(rule, 'key') ?? id;
        const uses = (this.#usesByName.get(name) ?? 0) + 1;
        this.#usesByName.set(name, uses);
        this.#namesByRule.set(rule, uses === 1 ? name : `${name} ${uses}`);
      }
    this.#keys = keysFor(this.#namesByRule.values());
  }

  keyOf(rule: JsonObject): string {
    return this.#keys.get(this.#namesByRule.get(rule) ?? '') ?? '';
  }

  /** Whether GrowthBook deals a unit alike in other rules too. */
  isShared(name: string): boolean {
    return (this.#usesByName.get(name) ?? 0) > 1;
  }
}

export interface ExperimentPlace {
  key: string;
  flag: string;
  environments: readonly string[];
  isShared: boolean;
}

/** The experiment that a rule is; undefined for one that takes nobody. `variations` are the keys of its arms. */
export function experimentOf(
  rule: JsonObject,
  variations: readonly string[],
  { key, flag, environments, isShared }: ExperimentPlace,
  scope: Scope,
): ExperimentDefinition | undefined {
  if (objectsIn(member(rule, 'meta')).some(({ passthrough }) => passthrough === true))
    refuse(scope, 'An experiment passes some units on to the next rule (a holdout).');
  const { weights, coverage } = weightsOf(rule, variations.length);
  if (coverage === 0) return undefined;
  const { percents, exact } = sharesOf(weights);
  const arms = variations.map((variation, index) => ({ variation, weight: percents[index] ?? 0 }));
  const place = placeOf(rule, coverage, scope);
  const unit = attributeOf(textMember(rule, 'hashAttribute') ?? 'id');
  noteDeal(rule, { key, arms, place, unit, exact }, scope);
  if (isShared)
    note(
      scope,
      'changed',
      `GrowthBook dealt ${ticked(key)} as it dealt other rules with that key; here each is dealt by itself.`,
    );
  const name = textMember(rule, 'name');
  return {
    experiment: key,
    ...(name && { description: name }),
    flag,
    status: 'running',
    environments: [...environments],
    ...(unit !== 'targetingKey' && { unit }),
    ...place,
    arms,
  } as ExperimentDefinition;
}

interface Deal {
  key: string;
  arms: readonly { variation: string; weight: number }[];
  place: Place;
  unit: string;
  exact: boolean;
}

function noteDeal(rule: JsonObject, { key, arms, place, unit, exact }: Deal, scope: Scope): void {
  const numbers = arms.map(({ variation, weight }) => `${variation} ${weight} %`).join(', ');
  const rounded = exact ? '' : ' (rounded)';
  const of =
    'traffic' in place
      ? `${place.traffic} % of the traffic`
      : `the slot ${place.slot.from}–${place.slot.to} %`;
  note(
    scope,
    're-dealt',
    `The experiment ${ticked(key)} keeps its shares: ${numbers}${rounded} in ${of}. Which ${ticked(unit)} is in which is dealt anew.`,
  );
  if (textMember(rule, 'fallbackAttribute'))
    note(
      scope,
      'changed',
      'Sticky buckets and `fallbackAttribute` are not carried over: whoever lacks the unit is not in.',
    );
}

/** Weights, and the share of all units that they are of, from 0 to 1. */
function weightsOf(rule: JsonObject, count: number): { weights: number[]; coverage: number } {
  const ranges = member(rule, 'ranges');
  if (Array.isArray(ranges)) {
    const weights = Array.from({ length: count }, (_, index) => lengthOf(ranges[index]));
    const coverage = weights.reduce((sum, weight) => sum + weight, 0);
    return { weights, coverage: Math.min(1, coverage) };
  }
  const given = member(rule, 'weights');
  const weights = Array.isArray(given) ? given.map(Number) : [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const isUsable = weights.length === count && total >= 0.99 && total <= 1.01;
  const coverage = Math.min(1, Math.max(0, Number(member(rule, 'coverage') ?? 1)));
  return { weights: isUsable ? weights : Array(count).fill(1), coverage };
}

export function lengthOf(range: JsonValue | undefined): number {
  const [from, to] = Array.isArray(range) ? range.map(Number) : [0, 0];
  return Math.max(0, Math.min(1, to ?? 0) - Math.max(0, from ?? 0));
}

type Place = { traffic: number } | { layer: string; slot: { from: number; to: number } };

/** A namespace is a layer, and its range a slot; a coverage makes the slot smaller. */
function placeOf(rule: JsonObject, coverage: number, scope: Scope): Place {
  const filters = objectsIn(member(rule, 'filters'));
  const namespace = member(rule, 'namespace');
  if (filters.length === 0 && !Array.isArray(namespace))
    return { traffic: percentOf(coverage * 100).percent };
  const [filter, ...others] = filters;
  const ranges = filter ? member(filter, 'ranges') : [(namespace as JsonValue[]).slice(1)];
  const [range, ...more] = Array.isArray(ranges) ? ranges : [];
  if (others.length > 0 || more.length > 0) refuse(scope, 'An experiment has a place in several namespaces.');
  if (filter && textMember(filter, 'attribute') !== textMember(rule, 'hashAttribute'))
    refuse(scope, 'An experiment has a namespace that is dealt by another attribute.');
  const name = filter ? textMember(filter, 'seed') : (namespace as JsonValue[])[0];
  const from = Array.isArray(range) ? Number(range[0]) : Number.NaN;
  const length = lengthOf(range) * coverage;
  if (typeof name !== 'string' || Number.isNaN(from)) refuse(scope, 'A namespace is not understood.');
  const layer = keysFor([name]).get(name) ?? name;
  return {
    layer,
    slot: { from: percentOf(from * 100).percent, to: percentOf((from + length) * 100).percent },
  };
}
