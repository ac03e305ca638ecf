// The type and the variations of a flag whose values come from another system.
import type { JsonValue } from '../lib/json.ts';
import type { FlagDefinition } from '../model/definitions.gen.ts';
import { keysFor, untaken } from './names.ts';

export interface ValueType {
  type: FlagDefinition['type'];
  /** Whether the values are of several types, which only `json` takes. */
  mixed: boolean;
}

/** `values` has at least one element, and no null. */
export function typeOf(values: readonly JsonValue[]): ValueType {
  const types = new Set(values.map((value) => (typeof value === 'object' ? 'json' : typeof value)));
  const [type] = types;
  if (types.size > 1) return { type: 'json', mixed: true };
  return { type: type as FlagDefinition['type'], mixed: false };
}

/** The variations by key. `keys` are theirs by foreign name. */
export function variationsOf(
  values: ReadonlyMap<string, JsonValue>,
  keys: ReadonlyMap<string, string>,
): NonNullable<FlagDefinition['variations']> {
  const variations: { [key: string]: NonNullable<JsonValue> } = {};
  for (const [name, value] of values) if (value !== null) variations[keys.get(name) ?? name] = value;
  return variations;
}

/**
 * Keys of which none is `off`. Where the other system lets the app's own default stand, a boolean flag would serve the
 * variation of that name.
 */
export function withoutOff(keys: ReadonlyMap<string, string>): Map<string, string> {
  const free = untaken('off-value', new Set(keys.values()));
  return new Map([...keys].map(([name, key]) => [name, key === 'off' ? free : key]));
}

/** Keys for values that have no names, by the values' canonical texts: what they are, where that is short. */
export function keysOfValues(values: ReadonlyMap<string, JsonValue>): Map<string, string> {
  const taken = new Set<string>();
  const names = [...values].map(([text, value], index): [string, string] => {
    const plain = nameOf(value, index);
    // The text "5" and the number 5 are two values.
    const name = taken.has(plain) ? `${plain}-${typeof value}` : plain;
    taken.add(name);
    return [text, name];
  });
  const keys = keysFor(names.map(([, name]) => name));
  return new Map(names.map(([text, name]) => [text, keys.get(name) ?? name]));
}

function nameOf(value: JsonValue, index: number): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const isShort =
    (typeof value === 'string' || typeof value === 'number') && /^[\w .-]{1,40}$/.test(String(value));
  return isShort ? String(value) : `value-${index + 1}`;
}
