// The first field in which a stored content differs from the one that was derived, in words. Pure.
import { canonical, type JsonValue } from '../../lib/json.ts';
import { printable } from '../../lib/printable.ts';

/** Longer values are cut. */
const LONGEST_VALUE = 100;

/** `changes[0].after is "…", expected "…"`; undefined where nothing differs. */
export function differenceInWords(stored: object, expected: object): string | undefined {
  const found = firstDifference(stored as JsonValue, expected as JsonValue, '');
  if (found === undefined) return undefined;
  const { field, is, should } = found;
  if (should === undefined) return `${field} is ${shown(is)}, expected none`;
  return `${field} is ${shown(is)}, expected ${shown(should)}`;
}

interface Difference {
  field: string;
  is: JsonValue | undefined;
  should: JsonValue | undefined;
}

/** Members in alphabetical order, elements in theirs. */
function firstDifference(
  is: JsonValue | undefined,
  should: JsonValue | undefined,
  field: string,
): Difference | undefined {
  if (is === should) return undefined;
  if (!isBranch(is) || !isBranch(should) || Array.isArray(is) !== Array.isArray(should)) {
    return { field: printable(field || 'the content', LONGEST_VALUE), is, should };
  }
  const names = new Set([...Object.keys(is), ...Object.keys(should)]);
  const inOrder = Array.isArray(is) ? [...names] : [...names].sort();
  for (const name of inOrder) {
    const inner = Array.isArray(is) ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`;
    const found = firstDifference(memberOf(is, name), memberOf(should, name), inner);
    if (found) return found;
  }
  return undefined;
}

function isBranch(value: JsonValue | undefined): value is JsonValue[] | { [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null;
}

function memberOf(value: object, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? (value as Record<string, JsonValue>)[name] : undefined;
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'absent' : printable(canonical(value), LONGEST_VALUE);
}
