// A field of a body: what a patch compares, and what it shows.
import type { JsonValue } from '../lib/json.ts';
import { PERSONAL, valueText } from './value-text.ts';

/** One field of a body. `value` is what is compared, `text` what is shown. */
export interface Field {
  at: string;
  name: string;
  text: string;
  value: unknown;
}

export function field(at: string, name: string, value: JsonValue): Field {
  return { at, name, text: valueText(value), value };
}

export function hidden(at: string, name: string, value: JsonValue): Field {
  return { at, name, text: PERSONAL, value };
}

export function sorted<Value>(members: { readonly [name: string]: Value }): [string, Value][] {
  return Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
}
