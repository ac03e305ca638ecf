// The TypeScript type of values that are known: a flag's variations, an attribute's declared values.
import type { JsonValue } from '../../lib/json.ts';

/** One type for all of the values. Texts are told apart where `literal` says so; everything else is widened. */
export function typeOfValues(values: readonly JsonValue[], { literal }: { literal: boolean }): string {
  return union(values.map((value) => (literal ? literalType(value) : widened(value))));
}

/** Types as alternatives, each once; `never` for none. */
export function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ') || 'never';
}

/** A member's name as it stands in a type. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

/** JSON is TypeScript, but for two separators that older readers take for line breaks. */
export function text(value: string): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (separator) =>
    separator === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

function literalType(value: JsonValue): string {
  return typeof value === 'string' ? text(value) : String(value);
}

function widened(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return listOf(union(value.map(widened)));
  if (typeof value !== 'object') return typeof value;
  const members = Object.entries(value).map(([name, member]) => `${memberName(name)}: ${widened(member)}`);
  return members.length === 0 ? '{ [name: string]: never }' : `{ ${members.join('; ')} }`;
}

/** A list of a type. */
export function listOf(element: string): string {
  return element.includes(' | ') ? `(${element})[]` : `${element}[]`;
}
