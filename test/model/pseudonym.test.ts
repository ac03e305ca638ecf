// The pseudonym of a personal unit: HMAC-SHA-256 over attribute and value.
import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { pseudonym } from '../../src/model/pseudonym.ts';

const key = createSecretKey(Buffer.from('k'.repeat(32)));

it('is what openssl makes of attribute, line feed and value', () => {
  // printf 'email\na@b.example' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk -binary | basenc --base64url
  expect(pseudonym(key, 'email', 'a@b.example')).toBe('hmac:zdSpZv13S-aJCUC0OeoKlNFBqqObDAp6AKquEceidmc');
});

it('differs by attribute, value and key, and has one length', () => {
  const other = createSecretKey(Buffer.from('o'.repeat(32)));
  const made = [
    pseudonym(key, 'email', 'a'),
    pseudonym(key, 'mail', 'a'),
    pseudonym(key, 'email', 'b'.repeat(500)),
    pseudonym(other, 'email', 'a'),
  ];
  expect(new Set(made).size).toBe(4);
  for (const text of made) expect(text).toMatch(/^hmac:[\w-]{43}$/);
});
