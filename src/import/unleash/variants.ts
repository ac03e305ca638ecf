// Variants of an Unleash feature: what `getVariant` gave is a flag of its own, beside the one for `isEnabled`.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { Outcome } from '../../model/definitions.gen.ts';
import { and, type Logic, or } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, objectsIn, textMember, textsIn } from '../read.ts';
import { sharesOf } from '../shares.ts';
import type { Step } from '../steps.ts';
import { equalsAnyText } from './constraint.ts';
import { attributeOf, type Scope } from './scope.ts';
import { noteShare, type Strategy } from './strategy.ts';

/** The values by the variants' names: their payloads, or their names where none has a payload. */
export function valuesOf(variants: readonly JsonObject[], scope: Scope): Map<string, JsonValue> {
  const byName = new Map<string, JsonObject>();
  for (const variant of variants) {
    const name = nameOf(variant, scope);
    const known = byName.get(name);
    if (known && JSON.stringify(known.payload) !== JSON.stringify(variant.payload))
      refuse(scope, `The variant ${ticked(name)} has several payloads.`);
    byName.set(name, variant);
  }
  const payloads = [...byName].map(([name, variant]): [string, JsonValue | undefined] => [
    name,
    payloadOf(variant, scope),
  ]);
  if (payloads.every(([, payload]) => payload === undefined))
    return new Map(payloads.map(([name]) => [name, name]));
  if (payloads.every(([, payload]) => payload !== undefined))
    return new Map(payloads as [string, JsonValue][]);
  note(
    scope,
    'changed',
    'Some of its variants have no payload, so the value is an object with `name` and `payload`.',
  );
  return new Map(
    payloads.map(([name, payload]) => [
      name,
      { name, ...(payload !== undefined && { payload }) } as JsonValue,
    ]),
  );
}

function nameOf(variant: JsonObject, scope: Scope): string {
  return textMember(variant, 'name') ?? refuse(scope, 'A variant has no name.');
}

function payloadOf(variant: JsonObject, scope: Scope): JsonValue | undefined {
  const payload = member(variant, 'payload');
  if (!isObject(payload)) return undefined;
  const text = String(payload.value ?? '');
  if (payload.type === 'number') {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) refuse(scope, `The payload ${ticked(text)} is no number.`);
    return value;
  }
  if (payload.type !== 'json') return text;
  try {
    const value: JsonValue = JSON.parse(text);
    if (value !== null) return value;
  } catch {
    // Told below, as null is.
  }
  return refuse(scope, `The payload ${ticked(text)} is no JSON value but null.`);
}

export interface Dealt {
  steps: Step[];
  units: Set<string>;
}

/**
 * Who gets which variant, of those for whom the feature is on. Throws Untranslatable where that depends on which strategy's
 * share a unit is in.
 */
export function dealtOf(
  strategies: readonly Strategy[],
  variants: readonly JsonObject[],
  keys: ReadonlyMap<string, string>,
  scope: Scope,
): Dealt {
  const units = new Set<string>();
  const split = (list: readonly JsonObject[], stickiness: string) =>
    splitSteps(list, stickiness, keys, units, scope);
  const ofFeature = split(variants, textMember(variants[0] ?? {}, 'stickiness') ?? 'default');
  if (strategies.every((strategy) => strategy.variants.length === 0)) return { steps: ofFeature, units };
  const isShared = strategies.slice(0, -1).some(({ share }) => share !== undefined);
  if (isShared) refuse(scope, 'Which variants there are depends on the strategy in whose share a unit is.');
  const steps = strategies.flatMap((strategy) => {
    const first = strategy.variants[0];
    const stickiness = textMember(first ?? {}, 'stickiness') ?? strategy.stickiness;
    const own = first && total(strategy.variants) > 0 ? split(strategy.variants, stickiness) : ofFeature;
    return own.map((step) => ({ ...step, ...strategy.guard, when: and(strategy.guard.when, step.when) }));
  });
  return { steps, units };
}

function total(variants: readonly JsonObject[]): number {
  return variants.reduce((sum, { weight }) => sum + Number(weight ?? 0), 0);
}

/** First the overrides, then the split by weights; without variants nobody gets one. */
function splitSteps(
  variants: readonly JsonObject[],
  stickiness: string,
  keys: ReadonlyMap<string, string>,
  units: Set<string>,
  scope: Scope,
): Step[] {
  if (variants.length === 0 || !(total(variants) > 0)) return [{ when: true, then: 'nothing' }];
  const keyOf = (variant: JsonObject) => keys.get(nameOf(variant, scope)) ?? '';
  const overrides = variants.map(
    (variant): Step => ({ when: overridden(variant), then: { serve: keyOf(variant) } }),
  );
  const weighted = variants.filter(({ weight }) => Number(weight) > 0);
  const { percents } = sharesOf(weighted.map(({ weight }) => Number(weight)));
  const shares = weighted.map((variant, index) => ({ key: keyOf(variant), weight: percents[index] ?? 0 }));
  const [only, ...others] = shares;
  if (only && others.length === 0) return [...overrides, { when: true, then: { serve: only.key } }];
  const unit = stickiness === 'default' || stickiness === 'random' ? 'targetingKey' : attributeOf(stickiness);
  units.add(unit);
  noteShare(shares.map(({ key, weight }) => `${key} ${weight} %`).join(', '), stickiness, unit, scope);
  const then: Outcome = { rollout: { variations: shares } };
  return [
    ...overrides,
    { when: { attribute: unit, operator: 'neq', value: '' }, then },
    { when: true, then: 'nothing' },
  ];
}

function overridden(variant: JsonObject): Logic {
  const overrides = objectsIn(member(variant, 'overrides'));
  return or(
    ...overrides.map((override) =>
      equalsAnyText(attributeOf(String(override.contextName)), textsIn(member(override, 'values'))),
    ),
  );
}
