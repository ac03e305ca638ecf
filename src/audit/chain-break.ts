// Finds where a chain of entries is broken, and tells the ways apart in which that can have happened. Pure.
import { type Break, broken } from './break.ts';
import { NO_HASH } from './chain.ts';

/** One stored entry, reduced to what links it. */
export interface Link {
  /** Where it is stored. */
  entry: number;
  /** The number that its content says; absent where the content cannot be read. */
  number?: number;
  previousHash: string;
  hash: string;
  /** The hash that follows from `previousHash` and the content. */
  computed: string;
  /** What else is wrong with it, in words, although its hash may fit. */
  fault?: string;
}

/**
 * The first break of a chain, or undefined where it is whole.
 * @param links all stored entries, by number
 * @param last the last entry by the project's own row
 * @param lastNamed the highest entry that any other row names
 */
export function chainBreak(links: readonly Link[], last: number, lastNamed: number): Break | undefined {
  for (const index of links.keys()) {
    const found = linkBreak(links, index);
    if (found) return found;
  }
  const stored = links.length;
  if (stored < Math.max(last, lastNamed)) {
    const gone = stored + 1;
    return broken('truncated', `entry ${gone} and what follows is gone, though other rows name it`, gone);
  }
  if (stored > last) {
    return broken(
      'inserted',
      `entry ${last + 1} is stored, though entry ${last} is the project's last`,
      last + 1,
    );
  }
  return undefined;
}

function linkBreak(links: readonly Link[], index: number): Break | undefined {
  const link = links[index] as Link;
  const expected = index + 1;
  const before = links[index - 1];
  const previousHash = before?.hash ?? NO_HASH;
  if (link.entry > expected) return broken('deleted', `entry ${expected} is gone`, expected);
  if (link.entry < expected) {
    const where = link.entry < 1 ? 'comes before the first one' : 'is stored twice';
    return broken('inserted', `entry ${link.entry} ${where}`, link.entry);
  }

  const fits = link.hash === link.computed;
  const linked = link.previousHash === previousHash;
  if (link.number === expected && fits && linked && link.fault === undefined) return undefined;

  const next = links[index + 1];
  if (next?.previousHash === previousHash && isWhole(next, expected) && !belongs(links, link)) {
    return broken('inserted', `entry ${expected} is none of the chain: the next one links past it`, expected);
  }
  if (link.number !== expected) {
    const misplaced = misplacedBreak(links, link, expected);
    if (misplaced) return misplaced;
  }
  if (!fits)
    return broken('altered', `entry ${expected} is not what was written: its hash does not fit`, expected);
  if (link.number !== undefined && link.number > expected) {
    return broken('deleted', `entry ${expected} is gone, and the later ones were moved up`, expected);
  }
  if (!linked) return unlinkedBreak(link, before, next);
  return broken(
    'altered',
    `entry ${expected} is not what was written: ${link.fault ?? 'its number'}`,
    expected,
  );
}

function isWhole(link: Link, number: number): boolean {
  return link.hash === link.computed && link.number === number;
}

/** Another entry links to it, or it links to a later one: it was written, only not for this place. */
function belongs(links: readonly Link[], link: Link): boolean {
  return links.some(
    (other) =>
      other.previousHash === link.hash || (other.hash === link.previousHash && other.entry > link.entry),
  );
}

/** The content says another number, and its own place is taken or its number stands elsewhere. */
function misplacedBreak(links: readonly Link[], link: Link, expected: number): Break | undefined {
  const { number } = link;
  if (number === undefined) return undefined;
  const earlier = links[number - 1];
  if (number < expected && earlier?.number === number) {
    const stranger = earlier.hash !== link.hash && belongs(links, link) ? number : expected;
    return broken(
      'inserted',
      `entries ${number} and ${expected} both say that they are number ${number}`,
      stranger,
    );
  }
  if (links.some((other) => other.number === expected)) {
    return broken('reordered', `entry ${number} stands in the place of entry ${expected}`, expected);
  }
  return undefined;
}

/** Both this entry and the one before fit their hashes, so one of them was replaced together with its hash. */
function unlinkedBreak(link: Link, before: Link | undefined, next: Link | undefined): Break {
  const replaced = next && next.previousHash !== link.hash ? link : (before ?? link);
  const why = before
    ? `entry ${link.entry} does not link to entry ${before.entry}`
    : 'it links to an entry before it';
  return broken('altered', `entry ${replaced.entry} is not what was written: ${why}`, replaced.entry);
}
