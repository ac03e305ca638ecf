// What an explanation shows of a context: an attribute's value, shortened, or that it is missing.
import type { JsonValue } from '../lib/json.ts';
import { attributeReader, type Subject } from './subject.ts';

/** `value` is absent where the attribute is missing. */
export interface Found {
  attribute: string;
  value?: JsonValue;
}

const LONGEST_TEXT = 100;
const MOST_ELEMENTS = 10;

export function foundAt(attribute: string, subject: Subject): Found {
  const value = attributeReader(attribute)(subject.context);
  return value === undefined ? { attribute } : { attribute, value: shorten(value) };
}

/** Long texts are cut, long lists too, and objects are only named, so that hostile values stay small. */
export function shorten(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return shortenElement(value);
  const shown = value
    .slice(0, MOST_ELEMENTS)
    .map((element) => (Array.isArray(element) ? '[…]' : shortenElement(element)));
  return value.length > MOST_ELEMENTS ? [...shown, `… ${value.length - MOST_ELEMENTS} more`] : shown;
}

function shortenElement(value: JsonValue): JsonValue {
  if (typeof value === 'string')
    return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}…` : value;
  return typeof value === 'object' && value !== null ? '{…}' : value;
}
