// Hashes of the audit chain, which a fleet asks for at one instant.
import { expect, it } from 'vitest';
import { Links } from '../../src/relay/sources/links.ts';

it('an entry that a thousand ask for is looked up once, until the next look', async () => {
  const links = new Links();
  let reads = 0;
  const read = async () => `hash ${++reads}`;
  const told = await Promise.all(Array.from({ length: 1_000 }, () => links.ask(7, read)));
  expect([new Set(told), reads]).toEqual([new Set(['hash 1']), 1]);
  links.clear();
  expect(await links.ask(7, read)).toBe('hash 2');
});

it('what cannot be looked up cannot be told, and neither can too many entries', async () => {
  const links = new Links();
  expect(await links.ask(0, async () => Promise.reject(new Error('away')))).toBeUndefined();
  const told = await Promise.all(
    Array.from({ length: 1_000 }, (_, entry) => links.ask(entry, async () => null)),
  );
  expect(told.filter((hash) => hash === null)).toHaveLength(99);
  links.clear();
  expect(await links.ask(999, async () => null)).toBeNull();
});
