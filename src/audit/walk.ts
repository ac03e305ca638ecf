// Walks one chain entry by entry: what links it, and what follows from it.
import type { Queryable } from '../db/pool.ts';
import { canonical } from '../lib/json.ts';
import type { Break } from './break.ts';
import { textHash } from './chain.ts';
import type { Link } from './chain-break.ts';
import type { EntryContent } from './content.ts';
import { isContent } from './content-shape.ts';
import { type StoredEntry, storedEntries } from './entries.ts';
import { Replay, type StoredChange } from './replay.ts';

const UNREADABLE = 'its content is none that an entry has';

/** What walking a chain finds. */
export interface Walked {
  links: Link[];
  replay: Replay;
  /** What the entries themselves belie; it counts only if the chain is whole. */
  replayBreak?: Break;
}

/** Every entry in its order. `onProgress` hears how many are done. */
export async function walk(
  connection: Queryable,
  project: string,
  onProgress: (done: number) => void,
): Promise<Walked> {
  const walked: Walked = { links: [], replay: new Replay() };
  for await (const batch of storedEntries(connection, project)) {
    const last = batch.at(-1)?.entry ?? 0;
    const changes = await readChanges(connection, project, batch[0].entry, last);
    for (const row of batch) step(walked, project, row, changes.get(row.entry) ?? []);
    onProgress(walked.links.length);
  }
  return walked;
}

function step(walked: Walked, project: string, row: StoredEntry, changes: StoredChange[]): void {
  const { entry, previousHash, hash } = row;
  const content = readContent(row.content);
  const fault = content ? contentFault(content, row, project) : UNREADABLE;
  walked.links.push({
    entry,
    previousHash,
    hash,
    computed: textHash(previousHash, row.content),
    ...(content && { number: content.entry }),
    ...(fault !== undefined && { fault }),
  });
  // After a break, and in a content that is none, there is nothing to replay.
  if (walked.replayBreak || !content || fault !== undefined) return;
  const found = walked.replay.add(content, changes);
  if (found) walked.replayBreak = found;
}

function readContent(text: string): EntryContent | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isContent(content) ? (content as EntryContent) : undefined;
  } catch {
    return undefined;
  }
}

function contentFault(content: EntryContent, row: StoredEntry, project: string): string | undefined {
  if (content.project !== project) return `it is of project ${content.project}`;
  if (canonicalText(content) !== row.content) return 'its content is not in canonical form';
  const { changes: _changes, ...withoutChanges } = content;
  const { problems: _problems, evidence: _evidence, ...summary } = withoutChanges as Record<string, unknown>;
  return canonicalText(summary) === canonicalText(row.summary)
    ? undefined
    : 'its summary does not follow from its content';
}

/** Undefined for what has none: a number that is infinite, or objects within objects without end. */
function canonicalText(value: unknown): string | undefined {
  try {
    return canonical(value);
  } catch {
    return undefined;
  }
}

async function readChanges(
  connection: Queryable,
  project: string,
  first: number,
  last: number,
): Promise<Map<number, StoredChange[]>> {
  const { rows } = await connection.query<StoredChange>(
    `select c.entry, c.kind, c.key, c.environment, c.before, c.after
     from halyard.audit_change c where c.project = $1 and c.entry between $2 and $3`,
    [project, first, last],
  );
  return Map.groupBy(rows, ({ entry }) => entry);
}
