// Random contexts around the constants of a foreign file: the constants, their neighbours, missing attributes. Seeded.
import type { JsonValue } from '../../../src/lib/json.ts';

export type Random = () => number;

/** mulberry32: the same numbers, from 0 to less than 1, for the same seed. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** What an attribute may hold; undefined is missing. */
export type Domain = { [attribute: string]: readonly (JsonValue | undefined)[] };

/** So many contexts, in which each attribute is missing now and then. Dots lead into objects. */
export function contextsFrom(domain: Domain, count: number, seed = 1): { [attribute: string]: JsonValue }[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const context: { [attribute: string]: JsonValue } = {};
    for (const [name, values] of Object.entries(domain)) {
      const value = pick(random, [undefined, ...values]);
      if (value === undefined) continue;
      const path = name.split('.');
      const last = path.pop() ?? '';
      let within = context;
      for (const step of path) {
        within[step] ??= {};
        within = within[step] as { [attribute: string]: JsonValue };
      }
      within[last] = value;
    }
    return context;
  });
}

/** The texts with what is nearly the same: parts of them, more of them, and other letters. */
export function aroundTexts(...texts: string[]): string[] {
  const around = texts.flatMap((text) => [
    text,
    text.slice(0, -1),
    text.slice(1),
    `x${text}`,
    `${text}x`,
    `x${text}x`,
    text.toUpperCase(),
    text.toLowerCase(),
  ]);
  return [...new Set([...around, '', ' '])];
}

export function aroundNumbers(...numbers: number[]): number[] {
  return [...new Set(numbers.flatMap((number) => [number, number - 1, number + 1, number + 0.5, -number]))];
}

export function aroundVersions(...versions: string[]): string[] {
  const around = versions.flatMap((version) => {
    const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
    return [
      version,
      `${major}.${minor}.${patch + 1}`,
      `${major}.${minor + 1}.0`,
      `${major + 1}.0.0`,
      `${major + 1}.0.0-alpha.1`,
      `${Math.max(0, major - 1)}.9.9`,
      `${major}.${minor}.${patch}-beta.1`,
      `${major}.${minor}.${patch}+build.5`,
      `${major}.0.0`,
    ];
  });
  return [...new Set([...around, '', 'not a version', '1.2.3.4'])];
}
