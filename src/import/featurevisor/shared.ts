// What the flags of one Featurevisor feature have in common: whom a feature forces, by what it deals, what it is called.
import { canonical, type JsonValue } from '../../lib/json.ts';
import type { Outcome } from '../../model/definitions.gen.ts';
import { and, type Logic, not, or } from '../logic.ts';
import { type Noted, refuse } from '../notes.ts';
import { type JsonObject, member } from '../read.ts';
import type { Step } from '../steps.ts';
import { keysOfValues } from '../value-type.ts';
import { attributeOf, conditionOf, segmentsOf } from './condition.ts';
import type { Feature, Traffic } from './model.ts';

export interface FeatureContext {
  features: ReadonlyMap<string, Feature>;
  /** The flags' keys: of a feature, of `feature variation`, of `feature variable name`. */
  keyOf: (feature: string, part?: string) => string;
  /** What each segment is, by its key in the project. */
  segments: ReadonlyMap<string, Logic>;
  /** The project's own name of each environment. */
  environments: ReadonlyMap<string, string>;
  /** Attributes that hold lists, as far as they are met. */
  lists: Set<string>;
}

/** The feature in each of the environments that are imported, by key. */
export function trafficsOf({ traffic }: Feature, { environments }: FeatureContext): [string, Traffic][] {
  return [...environments].flatMap(([key, name]): [string, Traffic][] => {
    const found = traffic.get(name);
    return found ? [[key, found]] : [];
  });
}

/** The one attribute that a feature deals by. */
export function unitOf(bucketBy: JsonValue, place: Noted): string {
  const names = Array.isArray(bucketBy) ? bucketBy : [bucketBy];
  const [only, ...others] = names;
  if (typeof only !== 'string' || others.length > 0)
    refuse(place, 'It deals by several attributes together.');
  return attributeOf(only);
}

/** The first force that matches is the one that counts; where it says nothing of this, one goes on behind all of them. */
export function forcedSteps(
  { force }: Traffic,
  context: FeatureContext,
  place: Noted,
  outcomeOf: (force: JsonObject) => Outcome | undefined,
): Step[] {
  const steps: Step[] = [];
  let before: Logic = false;
  for (const each of force) {
    const when = forceCondition(each, context, place);
    const then = outcomeOf(each);
    if (then) steps.push({ when: and(not(before), when), then });
    else before = or(before, when);
  }
  return steps;
}

function forceCondition(force: JsonObject, { segments }: FeatureContext, place: Noted): Logic {
  const [conditions, group] = [member(force, 'conditions'), member(force, 'segments')];
  return or(
    conditions !== undefined && conditionOf(conditions, place),
    group !== undefined && segmentsOf(group, segments, place),
  );
}

/** The keys of a feature's variations, by the canonical text of their values. */
export function variationKeys({ variations, disabledVariationValue }: Feature): Map<string, string> {
  const all = variations.map(({ value }) => value ?? null);
  if (disabledVariationValue !== undefined) all.push(disabledVariationValue);
  return keysOfValues(new Map(all.map((value) => [canonical(value), value])));
}
