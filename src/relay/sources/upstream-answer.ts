// What another relay answers, checked before it is believed: a stranger's text becomes rows, or a fault in words.
import { canonical } from '../../lib/json.ts';
import { type Fault, type Freshness, SourceError, type Witness } from '../source.ts';
import type { Row } from './postgres-queries.ts';
import { parseInSlices } from './upstream-json.ts';

/** The other relay's snapshot, or what changed of it. */
export interface Answer {
  project: string;
  environment: string;
  revision: number;
  commit: string | undefined;
  digest: string;
  entry: number | undefined;
  entryHash: string | undefined;
  /** The revision that the rows are to be laid over; undefined = they are the whole. */
  after: number | undefined;
  rows: unknown[];
  removed: unknown[];
}

/** What the headers of an answer tell. */
export interface Told {
  tag: string | undefined;
  ageMs: number | undefined;
  /** Why the other relay is out of date itself, in a word. */
  stale: string | undefined;
  /** The last entry of the chain that it has seen. */
  end: Witness | undefined;
  /** The hash that the chain has for the entry that it was asked for; null = it has none, undefined = it was not told. */
  witnessed: string | null | undefined;
}

const HASH = /^[0-9a-f]{64}$/;
/** What an author writes does not nest so deeply; what does would exhaust the stack of who compiles it. */
const MOST_DEPTH = 200;
/** A word that may stand in a message. */
const WORD = /^[a-z][a-z0-9-]{0,31}$/;

export function readHeaders(headers: Readonly<Record<string, string>>): Told {
  const [, entry, hash] = /^(\d{1,15}) (\S{1,128})$/.exec(headers['halyard-witness'] ?? '') ?? [];
  const age = countOf(headers['halyard-age']);
  // A cache in between says in seconds how long it has had the answer (RFC 9111 §5.1).
  const heldMs = 1_000 * (countOf(headers.age) ?? 0);
  const stale = headers['halyard-stale'];
  const witnessed = headers['halyard-witnessed'];
  return {
    tag: headers.etag,
    ageMs: age === undefined ? undefined : age + heldMs,
    stale: stale === undefined || WORD.test(stale) ? stale : 'unknown',
    end: entry !== undefined && hash !== undefined ? { entry: Number(entry), hash } : undefined,
    witnessed: witnessed === 'none' ? null : witnessed,
  };
}

export function freshnessOf({ ageMs, stale }: Told, place: string): Freshness {
  if (stale !== undefined) return { ageMs, fault: staleFault(place, stale) };
  if (ageMs !== undefined) return { ageMs };
  const message = `the relay at ${place} does not say how fresh it is. What stands between may keep back its headers`;
  return { ageMs, fault: { code: 'answer', message } };
}

export function staleFault(place: string, stale: string): Fault {
  return {
    code: 'upstream-stale',
    message: `the relay at ${place} is stale itself (${stale}). Its status says why`,
  };
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Throws a SourceError for a text that is no snapshot. Its rows are checked when they are read. */
export async function readAnswer(text: string, place: string): Promise<Answer> {
  const wrong = (what: string) => new SourceError('answer', `the relay at ${place} answers with ${what}`);
  let value: unknown;
  try {
    value = await parseInSlices(text);
  } catch {
    throw wrong('what is no JSON');
  }
  if (!isObject(value)) throw wrong('what is no snapshot');
  const {
    project,
    environment,
    revision,
    commit,
    digest,
    entry,
    entryHash,
    after,
    definitions,
    removed = [],
  } = value;
  const isSnapshot =
    isText(project) &&
    isText(environment) &&
    isCount(revision) &&
    isHash(digest) &&
    (commit === undefined || isText(commit)) &&
    (entry === undefined || isCount(entry)) &&
    (entryHash === undefined || isText(entryHash)) &&
    (after === undefined || isCount(after)) &&
    Array.isArray(definitions) &&
    Array.isArray(removed);
  if (!isSnapshot) throw wrong('what is no snapshot');
  return {
    project,
    environment,
    revision,
    commit,
    digest,
    entry,
    entryHash,
    after,
    rows: definitions,
    removed,
  };
}

/** Each row as the database would give it, its body as text. Throws a SourceError for what is none. */
export function* readRows({ rows, removed }: Answer, place: string): Generator<void, Row[]> {
  const read: Row[] = [];
  for (const row of rows) {
    if (
      !isNamed(row) ||
      !isObject(row.body) ||
      !isHash(row.digest) ||
      !isCount(row.revision) ||
      !isFlat(row.body)
    ) {
      throw new SourceError('answer', `the relay at ${place} answers with what is no definition`);
    }
    const { kind, key, body, digest, revision } = row;
    read.push({ kind, key, body: canonical(body), digest, revision });
    yield;
  }
  for (const name of removed) {
    if (isNamed(name)) read.push({ kind: name.kind, key: name.key, body: null, digest: null, revision: 0 });
  }
  return read;
}

interface JsonObject {
  [member: string]: unknown;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is JsonObject & { kind: string; key: string } {
  return isObject(value) && isText(value.key) && isText(value.kind);
}

function isFlat(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < MOST_DEPTH && Object.values(value).every((member) => isFlat(member, depth + 1));
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 1_024;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
