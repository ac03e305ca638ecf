// How GrowthBook compares an attribute with a plain value: as JavaScript turns one into the other.
import { ticked } from '../../lib/printable.ts';
import type { Scalar } from '../../model/definitions.gen.ts';
import { equalsAny, exists, type Logic, or } from '../logic.ts';
import { note } from '../notes.ts';
import { attributeOf } from './attribute.ts';
import type { Scope } from './scope.ts';

/** `{"country": "US"}`. A missing attribute is null, which is the text "null" and the number 0. */
export function equalsLoosely(name: string, value: Scalar | null, scope: Scope): Logic {
  const attribute = attributeOf(name);
  if (value === null) return exists(attribute, false);
  const found = equalsAny(attribute, [value, ...twinsOf(attribute, value)]);
  const missing = typeof value === 'number' ? value === 0 : value === 'null';
  if (typeof value !== 'string') {
    const sort = typeof value === 'number' ? 'texts of digits for numbers' : 'every value for true or false';
    note(scope, 'changed', `GrowthBook took ${sort}; here ${ticked(attribute)} must be a ${typeof value}.`);
  }
  return missing ? or(found, exists(attribute, false)) : found;
}

/** What becomes the same text. A targetingKey is always a text. */
function twinsOf(attribute: string, value: Scalar): Scalar[] {
  if (typeof value !== 'string' || attribute === 'targetingKey') return [];
  if (value === 'true' || value === 'false') return [value === 'true'];
  return value !== '' && String(Number(value)) === value && Number.isFinite(Number(value))
    ? [Number(value)]
    : [];
}
