// flagd's `fractional`: a split by weights, with the attribute that decides.
import type { JsonValue } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import { exists, type Logic } from '../logic.ts';
import { note, refuse } from '../notes.ts';
import { isObject } from '../read.ts';
import { sharesOf } from '../shares.ts';
import { operandOf } from './operand.ts';
import type { Scope } from './scope.ts';

export interface Split {
  /** The attribute that is hashed. */
  unit: string;
  /** Whom flagd splits; the others get the default variant. */
  when: Logic;
  /** The variant's name, or null for the default one. In percent. */
  shares: { variant: string | null; percent: number }[];
}

/** Throws Untranslatable where the bucketing or a weight is computed. */
export function splitOf(argument: JsonValue, scope: Scope): Split {
  const args = Array.isArray(argument) ? argument : [argument];
  const [first = null] = args;
  const buckets = (Array.isArray(first) ? args : args.slice(1)).map((bucket) => bucketOf(bucket, scope));
  const unit = Array.isArray(first) ? 'targetingKey' : unitOf(first, scope);
  if (buckets.every(({ weight }) => weight === 0))
    refuse(scope, '`fractional` gives a weight to no variant.');
  const { percents, exact } = sharesOf(buckets.map(({ weight }) => weight));
  const shares = buckets.map(({ variant }, index) => ({ variant, percent: percents[index] ?? 0 }));
  const numbers = shares.map(({ variant, percent }) => `${variant ?? 'the default'} ${percent} %`).join(', ');
  const rounded = exact ? '' : ' (rounded to hundredths of a percent)';
  const isJoined = isObject(first) && Object.hasOwn(first, 'cat');
  const without = isJoined ? ' Whoever lacks it gets the default variant; flagd dealt them all alike.' : '';
  note(
    scope,
    're-dealt',
    `The shares stay: ${numbers}${rounded}. Which ${ticked(unit)} is in which is dealt anew.${without}`,
  );
  // Without a bucketing expression flagd takes an empty targetingKey for a missing one.
  const when: Logic = Array.isArray(first) ? { attribute: unit, operator: 'neq', value: '' } : exists(unit);
  return { unit, when, shares: shares.filter(({ percent }) => percent > 0) };
}

function bucketOf(bucket: JsonValue, scope: Scope): { variant: string | null; weight: number } {
  if (!Array.isArray(bucket) || bucket.length === 0 || bucket.length > 2)
    refuse(scope, '`fractional` needs lists of a variant and a weight.');
  const [variant = null, weight = 1] = bucket;
  if (typeof variant === 'object' && variant !== null)
    refuse(scope, 'A share of `fractional` goes to a variant that is computed.');
  if (typeof weight !== 'number' || !Number.isInteger(weight))
    refuse(scope, 'A weight of `fractional` is computed, or not a whole number.');
  return { variant: variant === null ? null : String(variant), weight: Math.max(0, weight) };
}

/** The one attribute in what is hashed; constants beside it only seed the hash. */
function unitOf(logic: JsonValue, scope: Scope): string {
  const parts = isObject(logic) && Object.hasOwn(logic, 'cat') ? logic.cat : [logic];
  const operands = (Array.isArray(parts) ? parts : [parts ?? null]).map((part) => operandOf(part, scope));
  const attributes = operands.flatMap((operand) => (operand.kind === 'attribute' ? [operand] : []));
  const [attribute, ...others] = attributes;
  if (!attribute || others.length > 0 || attribute.fallback !== null)
    refuse(scope, '`fractional` hashes something other than one attribute.');
  return attribute.name;
}
