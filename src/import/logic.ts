// Conditions put together, with what is always or never true folded away, so that imported ones read as if written by hand.
import type { Condition, Scalar } from '../model/definitions.gen.ts';

/** A condition, or one that always or never holds. */
export type Logic = boolean | Condition;

export function and(...parts: readonly Logic[]): Logic {
  if (parts.includes(false)) return false;
  const conditions = parts
    .filter((part) => typeof part === 'object')
    .flatMap((part) => ('and' in part ? part.and : [part]));
  // Whatever an attribute is compared with, it must be there: what would hold without it is no alternative.
  const present = new Set(
    conditions.flatMap((part) =>
      'attribute' in part && absentIn(part) === undefined ? [part.attribute] : [],
    ),
  );
  const isMoot = (part: Condition) => present.has(absentIn(part) ?? '');
  if (conditions.some((part) => 'or' in part && part.or.some(isMoot)))
    return and(
      ...conditions.map((part) => ('or' in part ? or(...part.or.filter((each) => !isMoot(each))) : part)),
    );
  return conditions.length > 1 ? { and: conditions } : (conditions[0] ?? true);
}

export function or(...parts: readonly Logic[]): Logic {
  if (parts.includes(true)) return true;
  const conditions = parts
    .filter((part) => typeof part === 'object')
    .flatMap((part) => ('or' in part ? part.or : [part]));
  return conditions.length > 1 ? { or: conditions } : (conditions[0] ?? false);
}

export function not(part: Logic): Logic {
  if (typeof part === 'boolean') return !part;
  if ('not' in part) return part.not;
  if ('attribute' in part && part.operator === 'exists') return exists(part.attribute, part.value === false);
  return { not: part };
}

/** The attribute that the condition wants to be missing. */
function absentIn(part: Condition): string | undefined {
  const isAbsence = 'attribute' in part && part.operator === 'exists' && part.value === false;
  return isAbsence ? part.attribute : undefined;
}

export function exists(attribute: string, wanted = true): Condition {
  return { attribute, operator: 'exists', value: wanted };
}

/** Equal to one of the values, by type too; without values it never holds. */
export function equalsAny(attribute: string, values: readonly Scalar[]): Logic {
  const [first, ...others] = [...new Set(values)];
  if (first === undefined) return false;
  if (others.length === 0) return { attribute, operator: 'eq', value: first };
  return { attribute, operator: 'in', value: [first, ...others] };
}
