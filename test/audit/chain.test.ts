// The chain without a database: what an entry's hash covers, and how each break of a chain is told apart.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentText, entryHash, NO_HASH, textHash } from '../../src/audit/chain.ts';
import { chainBreak, type Link } from '../../src/audit/chain-break.ts';
import type { EntryContent } from '../../src/audit/content.ts';
import { contentFor } from './writing.ts';

const HEAD = {
  project: 'acme/shop',
  repository: 'r',
  path: 'flags',
  branch: 'main',
  lastEntry: 0,
  lastHash: NO_HASH,
  lastRevision: 0,
};

function content(entry: number, fields: object = {}): EntryContent {
  return { ...contentFor({ ...HEAD, lastEntry: entry - 1 }, []), ...fields };
}

function chainOf(length: number): Link[] {
  const links: Link[] = [];
  for (let entry = 1; entry <= length; entry++) {
    const previousHash = links.at(-1)?.hash ?? NO_HASH;
    const hash = entryHash(previousHash, content(entry));
    links.push({ entry, number: entry, previousHash, hash, computed: hash });
  }
  return links;
}

describe('an entry’s hash', () => {
  test('is SHA-256 over 32 raw bytes and the canonical text: a published vector', () => {
    const smallest = { v: 1, project: 'p', entry: 1, action: 'history.accepted', changes: [] };
    const text = '{"action":"history.accepted","changes":[],"entry":1,"project":"p","v":1}';
    expect(contentText(smallest as unknown as EntryContent)).toBe(text);
    expect(textHash(NO_HASH, text)).toBe('b714412afeef4a820cb307ae596c944b7238044de5c85f09d16e2d321209b184');
  });

  test('does not depend on the order in which fields are written', () => {
    const written = content(1);
    const reversed = Object.fromEntries(Object.entries(written).reverse()) as unknown as EntryContent;
    expect(entryHash(NO_HASH, reversed)).toBe(entryHash(NO_HASH, written));
  });

  test('differs for every other content and every other previous hash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        fc.pre(one !== other && !`${one}${other}`.includes('\0'));
        const first = entryHash(NO_HASH, content(1, { subject: one }));
        expect(entryHash(NO_HASH, content(1, { subject: other }))).not.toBe(first);
        expect(entryHash(first, content(1, { subject: one }))).not.toBe(first);
      }),
    );
  });

  test.each([
    ['a fraction', 0.5],
    ['an unsafe integer', 2 ** 53],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a NUL', 'a\0b'],
    ['a lone surrogate', '\ud800'],
  ])('is refused for a content with %s', (_name, value) => {
    expect(() => entryHash(NO_HASH, content(1, { subject: value }))).toThrow(/a content holds no/);
    expect(() => entryHash(NO_HASH, content(1, { evidence: [{ kind: 'k', deep: [value] }] }))).toThrow();
  });
});

describe('a chain', () => {
  const length = fc.integer({ min: 1, max: 12 });

  test('as it was written has no break', () => {
    fc.assert(
      fc.property(length, (n) => {
        expect(chainBreak(chainOf(n), n, n)).toBeUndefined();
      }),
    );
  });

  test('with an edited entry is altered at that entry', () => {
    fc.assert(
      fc.property(length, fc.nat(), (n, pick) => {
        const at = pick % n;
        const links = chainOf(n);
        const link = links[at] as Link;
        const edited = links.with(at, { ...link, computed: textHash(link.previousHash, 'edited') });
        expect(chainBreak(edited, n, n)).toMatchObject({ kind: 'altered', entry: at + 1 });
      }),
    );
  });

  test('without its last entries is truncated at the first that is gone', () => {
    fc.assert(
      fc.property(length, fc.nat(), (n, pick) => {
        const left = pick % n;
        expect(chainBreak(chainOf(n).slice(0, left), n, n)).toMatchObject({
          kind: 'truncated',
          entry: left + 1,
        });
        expect(chainBreak(chainOf(n).slice(0, left), left, n)).toMatchObject({
          kind: 'truncated',
          entry: left + 1,
        });
      }),
    );
  });

  test('without entries in the middle is deleted at the first that is gone, moved up or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), (n, pick) => {
        const at = pick % (n - 1);
        const left = chainOf(n).toSpliced(at, 1);
        expect(chainBreak(left, n, n)).toMatchObject({ kind: 'deleted', entry: at + 1 });
        const movedUp = left.map((link, index) => ({ ...link, entry: index + 1 }));
        expect(chainBreak(movedUp, n - 1, n - 1)).toMatchObject({ kind: 'deleted', entry: at + 1 });
      }),
    );
  });

  test('with any two entries swapped is reordered at the first of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), fc.nat(), (n, pickOne, pickOther) => {
        const [low, high] = [pickOne % n, pickOther % n].toSorted((a, b) => a - b) as [number, number];
        fc.pre(low !== high);
        const links = chainOf(n);
        const [first, second] = [links[low] as Link, links[high] as Link];
        const swapped = links
          .with(low, { ...second, entry: low + 1 })
          .with(high, { ...first, entry: high + 1 });
        expect(chainBreak(swapped, n, n)).toMatchObject({ kind: 'reordered', entry: low + 1 });
      }),
    );
  });

  test('with a forged entry put in between is inserted there, whatever the forged one says', () => {
    const forged = fc.record({
      number: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      linked: fc.boolean(),
    });
    fc.assert(
      fc.property(length, fc.nat(), forged, (n, pick, { number, linked }) => {
        const at = pick % n;
        // Two last entries that fit equally well: the chain alone cannot tell which one is the stranger.
        fc.pre(!(linked && number === at + 1 && at === n - 1));
        const links = chainOf(n);
        const previousHash = linked ? (links[at - 1]?.hash ?? NO_HASH) : textHash(NO_HASH, 'nowhere');
        const hash = textHash(previousHash, `forged ${number}`);
        const stranger = {
          entry: 0,
          previousHash,
          hash,
          computed: hash,
          ...(number !== undefined && { number }),
        };
        const longer = links.toSpliced(at, 0, stranger).map((link, index) => ({ ...link, entry: index + 1 }));
        expect(chainBreak(longer, n + 1, n + 1)).toMatchObject({ kind: 'inserted', entry: at + 1 });
      }),
    );
  });

  test('with an entry past the project’s last one is inserted there', () => {
    fc.assert(
      fc.property(length, (n) => {
        expect(chainBreak(chainOf(n + 1), n, n)).toMatchObject({ kind: 'inserted', entry: n + 1 });
      }),
    );
  });

  test('with an entry replaced together with its hash is altered there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), (n, pick) => {
        const at = pick % (n - 1);
        const links = chainOf(n);
        const link = links[at] as Link;
        const hash = textHash(link.previousHash, 'replaced');
        const replaced = links.with(at, { ...link, hash, computed: hash });
        expect(chainBreak(replaced, n, n)).toMatchObject({ kind: 'altered', entry: at + 1 });
      }),
    );
  });
});
