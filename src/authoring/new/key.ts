// Keys that a new definition can have.
import { ticked } from '../../lib/printable.ts';

const KEY = /^[a-z0-9][a-z0-9._-]{0,99}$/;
const RESERVED = new Set(['project', 'access']);

/** What is wrong with the key, and what to write instead; undefined for a good one. */
export function keyFault(key: string): string | undefined {
  if (RESERVED.has(key)) return `the name ${key}.yaml is reserved: choose another key than ${ticked(key)}`;
  if (key.endsWith('.test'))
    return `only tests of flags end in .test: choose another key than ${ticked(key)}`;
  if (KEY.test(key)) return undefined;
  const rule =
    'a key has lower-case letters, digits, ".", "_" and "-", begins with a letter or digit, and is at most 100 long';
  const better = suggestion(key);
  return `${ticked(key)} is no key: ${rule}.${KEY.test(better) ? ` Write ${ticked(better)}` : ''}`;
}

/** `One Page: Checkout!` and `onePageCheckout` as `one-page-checkout`. */
function suggestion(key: string): string {
  return key
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 100);
}
