// What is refused about keys and scalars, however well-formed the YAML around them is.
import { printable, ticked } from '../lib/printable.ts';
import type { Fault } from './finding.ts';

const NONE: readonly Fault[] = [];
const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

export function isReservedKey(key: string): boolean {
  return RESERVED.has(key);
}

/** `key` is what YAML makes of it, `source` how it is written; a collection as a key has no source. */
export function keyFaults(key: unknown, source: string | undefined, offset: number): readonly Fault[] {
  if (typeof key !== 'string') return [notText(key, source, offset)];
  if (!isReservedKey(key)) return textFaults(key, offset);
  const message = `The key ${ticked(key)} is reserved in JavaScript.`;
  return [{ code: 'reserved-key', offset, message, hint: 'Choose another.' }];
}

function notText(key: unknown, source: string | undefined, offset: number): Fault {
  const name = source || 'null';
  const found =
    source === undefined ? 'a collection as a key' : `the key ${ticked(name)} as ${notation(key)}`;
  const hint = source ? `Quote it: "${printable(source)}".` : 'Write the key as a text.';
  return { code: 'key-not-text', offset, message: `YAML reads ${found}: expected a text.`, hint };
}

function notation(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}

const INTEGER = /^[-+]?(0o[0-7]+|0x[0-9a-f]+|[0-9]+)$/i;

/** `value` is what YAML makes of it, `source` how it is written. */
export function scalarFaults(value: unknown, source: string, offset: number): readonly Fault[] {
  if (typeof value === 'string') return textFaults(value, offset);
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return NONE;
  if (!Number.isFinite(value)) {
    const message = 'Infinity and not-a-number are no values.';
    return [{ code: 'non-finite-number', offset, message, hint: 'Write a number, or quote the text.' }];
  }
  if (!INTEGER.test(source)) return NONE;
  const message = 'The integer is beyond ±9,007,199,254,740,991 (2^53 - 1).';
  return [{ code: 'integer-too-large', offset, message, hint: 'Quote it, if it is an identifier.' }];
}

/** Characters that were escaped; raw ones do not get this far. */
function textFaults(text: string, offset: number): readonly Fault[] {
  if (text.includes('\0')) {
    const message = 'The text holds the character U+0000.';
    return [{ code: 'null-character', offset, message, hint: 'Remove the escape.' }];
  }
  if (text.isWellFormed()) return NONE;
  const message = 'The text holds half of a surrogate pair.';
  return [{ code: 'lone-surrogate', offset, message, hint: 'Write the character itself, or both halves.' }];
}
