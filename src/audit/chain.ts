// The chain: what is hashed, and how each entry's hash holds all entries before it. Pure.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { canonical } from '../lib/json.ts';
import type { EntryContent } from './content.ts';

/** What entry 1 has as its previous hash: 32 zero bytes. */
export const NO_HASH = '0'.repeat(64);

/**
 * SHA-256 over the previous entry's hash (32 raw bytes) and the content's canonical text (RFC 8785, UTF-8).
 * @param previousHash lower-case hex, NO_HASH before entry 1
 * @returns lower-case hex
 */
export function entryHash(previousHash: string, content: EntryContent): string {
  return textHash(previousHash, contentText(content));
}

/** The same over a content's text as it is stored. */
export function textHash(previousHash: string, text: string): string {
  return createHash('sha256').update(previousHash, 'hex').update(text, 'utf8').digest('hex');
}

/**
 * The canonical text of a content. Asserts what every reader in any language relies on: no number but safe integers,
 * and text that UTF-8 and PostgreSQL can hold (no lone surrogate, no NUL).
 */
export function contentText(content: EntryContent): string {
  assertPlain(content);
  return canonical(content);
}

function assertPlain(value: unknown): void {
  if (typeof value === 'number')
    assert(Number.isSafeInteger(value), 'a content holds no number but safe integers');
  else if (typeof value === 'string')
    assert(isStorable(value), 'a content holds no NUL and no lone surrogate');
  else if (Array.isArray(value)) for (const element of value) assertPlain(element);
  else if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      assertPlain(name);
      assertPlain((value as Record<string, unknown>)[name]);
    }
  }
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
