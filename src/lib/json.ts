// JSON values: their type, their canonical text, and the digest of that text.
import { createHash } from 'node:crypto';
import canonicalizeJson from 'canonicalize';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** The canonical text of a JSON value (RFC 8785). Undefined members are left out, as in `JSON.stringify`. */
export function canonical(value: unknown): string {
  const text = canonicalizeJson(value);
  if (text === undefined) throw new Error('only a JSON value has a canonical text');
  return text;
}

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
