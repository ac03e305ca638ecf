// The variations of a feature of GrowthBook, which only lists its values.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { type JsonObject, member, objectsIn } from '../read.ts';
import { keysOfValues, typeOf, withoutOff } from '../value-type.ts';

export interface Variations {
  values: ReadonlyMap<string, JsonValue>;
  keys: ReadonlyMap<string, string>;
}

/** The values that a feature can have but null, and the keys of its variations, by the canonical text of the values. */
export function variationsIn(feature: JsonObject): Variations {
  const rules = objectsIn(member(feature, 'rules'));
  const all = [
    member(feature, 'defaultValue'),
    ...rules.flatMap((rule) => [
      ...(Object.hasOwn(rule, 'force') ? [member(rule, 'force')] : []),
      ...(Array.isArray(rule.variations) ? rule.variations : []),
    ]),
  ];
  const values = new Map(all.flatMap((value) => (value == null ? [] : [[canonical(value), value] as const])));
  const keys = keysOfValues(values);
  const isGated = rules.some((rule) => objectsIn(member(rule, 'parentConditions')).length > 0);
  const givesNothing = isGated || all.some((value) => value == null);
  const isBoolean = values.size > 0 && typeOf([...values.values()]).type === 'boolean';
  return { values, keys: isBoolean && givesNothing ? withoutOff(keys) : keys };
}
