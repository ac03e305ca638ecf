// Keys for foreign names: those that fit stay, the others are rewritten, and no two things get one key.

const KEY = /^[a-z0-9][a-z0-9._-]{0,99}$/;
/** A file of this name, or with this ending, is no definition of its own; and two names no object may have. */
const RESERVED = /^(?:project|access|constructor|prototype)$|\.test$/;
const LONGEST = 100;

export function isKey(name: string): boolean {
  return KEY.test(name) && !RESERVED.test(name);
}

/** A key for each name. Names that are keys already get themselves, whatever else is called like them. */
export function keysFor(names: Iterable<string>): Map<string, string> {
  const all = [...new Set(names)];
  const taken = new Set(all.filter(isKey));
  const keys = new Map([...taken].map((name) => [name, name]));
  for (const name of all) {
    if (keys.has(name)) continue;
    const key = untaken(rewritten(name), taken);
    taken.add(key);
    keys.set(name, key);
  }
  return keys;
}

/** `newCart` and `New Cart` become `new-cart`. */
function rewritten(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, LONGEST);
  const key = words === '' ? 'unnamed' : words;
  return RESERVED.test(key) ? `${key.slice(0, LONGEST - 5)}-flag` : key;
}

/** The key, or the first of `key-2`, `key-3` … that is not taken. */
export function untaken(key: string, taken: ReadonlySet<string>): string {
  if (!taken.has(key)) return key;
  for (let number = 2; ; number++) {
    const candidate = `${key.slice(0, LONGEST - 1 - String(number).length)}-${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
