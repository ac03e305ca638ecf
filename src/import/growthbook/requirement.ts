// What a prerequisite of GrowthBook asks of another feature, as a requirement: that it has one value.
import { canonical } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { Requirement } from '../../model/definitions.gen.ts';
import { refuse } from '../notes.ts';
import { isObject, type JsonObject } from '../read.ts';
import { isScalar } from './attribute.ts';
import type { Scope } from './scope.ts';
import type { Variations } from './variations.ts';

/** By the features' names. */
export interface Features {
  variations: ReadonlyMap<string, Variations>;
  /** Of the flags. */
  keys: ReadonlyMap<string, string>;
}

/** Throws Untranslatable where it asks for more. */
export function requirementOf(
  parent: JsonObject,
  { keys, variations: all }: Features,
  scope: Scope,
): Requirement {
  const [id, condition] = [String(parent.id), parent.condition];
  const flag = keys.get(id);
  const variations = all.get(id);
  if (flag === undefined || !variations)
    refuse(scope, `It requires ${ticked(id)}, which is not in the file.`);
  const wanted =
    isObject(condition) && Object.keys(condition).join() === 'value' ? condition.value : undefined;
  if (!isScalar(wanted)) refuse(scope, `It requires more of ${ticked(id)} than one value.`);
  // GrowthBook takes every value for true or false, and texts of digits for numbers.
  if ([...variations.values.values()].some((value) => typeof value !== typeof wanted))
    refuse(scope, `It requires a value of ${ticked(id)}, whose values are of several types.`);
  const variation = variations.keys.get(canonical(wanted));
  if (variation === undefined) refuse(scope, `It requires a value of ${ticked(id)} that it never has.`);
  return { flag, variation };
}
