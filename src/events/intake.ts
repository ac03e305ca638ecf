// Takes a request's events: reads, judges and commits them, and says what became of each.
import type { Readable } from 'node:stream';
import { UsageError } from '../lib/errors.ts';
import type { Event } from '../model/event.ts';
import { eventUuid } from '../model/event-shape.ts';
import { type Room, readBody } from './body.ts';
import type { Applied, Catalogue } from './catalogue.ts';
import type { Committer } from './committer.ts';
import { isUnknown, judge } from './known.ts';
import { type Refusal, readLines } from './lines.ts';
import type { CheckedOptions } from './options.ts';

/** The answer to `POST /v1/events`. */
export interface Receipt {
  /** Events that count from now on. */
  counted: number;
  /** Events that had been counted before: nothing changed by them. */
  duplicates: number;
  /** In the order of lines. */
  refused: Refusal[];
}

type Indexed = { index: number; event: Event };

export interface IntakeOptions extends Pick<CheckedOptions, 'maxEvents' | 'retentionMs' | 'now'> {
  mostBytes: number;
  mostUnpackedBytes: number;
  catalogue: Catalogue;
  committer: Committer;
  room: Room;
  /** Called with how old each event was when it was committed. */
  onFresh: (ageMs: number) => void;
}

/**
 * Resolves once every event that counts is committed.
 * Throws BodyFault, TooManyEventsError, UnreachableError (PostgreSQL is away) and UsageError (its schema or rights are not
 * those of the collector). After a throw the whole request can be sent again.
 */
export async function takeEvents(
  source: Readable,
  encoding: string | undefined,
  options: IntakeOptions,
): Promise<Receipt> {
  using taken = options.room.enter();
  const body = await readBody(source, encoding, options, taken.take);
  const arrivedMs = options.catalogue.moment;
  const { events, refused } = await readLines(body, options.maxEvents);
  const judged = await judgeArrived(events, arrivedMs, options);
  // Awaited here: the room is held until it is answered.
  return await commitAll(judged.applied, judged.accepted, [...refused, ...judged.refused], options);
}

interface Judged {
  applied: Applied;
  accepted: Indexed[];
  refused: Refusal[];
}

/** What is unknown may have been applied a moment ago, so it is refused only by definitions read after it came. */
async function judgeArrived(
  events: readonly Indexed[],
  arrivedMs: number,
  options: IntakeOptions,
): Promise<Judged> {
  const { catalogue } = options;
  // A database that is not fit to keep events, although it would take them.
  if (catalogue.fault?.error instanceof UsageError) throw catalogue.fault.error;
  const applied = catalogue.applied ?? (await catalogue.since(arrivedMs));
  const first = judgeAll(events, applied, options);
  if (catalogue.askedAtMs >= arrivedMs || !first.refused.some(isUnknown)) return first;
  return judgeAll(events, await catalogue.since(arrivedMs), options);
}

function judgeAll(events: readonly Indexed[], applied: Applied, { now, retentionMs }: IntakeOptions): Judged {
  const time = { nowMs: now(), retentionMs };
  const accepted: Indexed[] = [];
  const refused: Refusal[] = [];
  for (const indexed of events) {
    const fault = judge(indexed.event, applied.known, time);
    if (fault) refused.push({ index: indexed.index, ...fault });
    else accepted.push(indexed);
  }
  return { applied, accepted, refused };
}

async function commitAll(
  { project }: Applied,
  accepted: readonly Indexed[],
  refused: Refusal[],
  { committer, now, onFresh }: IntakeOptions,
): Promise<Receipt> {
  const storable = accepted.map(({ event }) => ({ uuid: eventUuid(project, event.id), event }));
  const outcome = await committer.commit(project, storable);
  const committedAtMs = now();
  for (const { event } of accepted) onFresh(committedAtMs - event.atMs);
  for (const { at, fault } of outcome.refused)
    refused.push({ index: (accepted[at] as Indexed).index, ...fault });
  const { counted } = outcome;
  const duplicates = accepted.length - counted - outcome.refused.length;
  return { counted, duplicates, refused: refused.toSorted((a, b) => a.index - b.index) };
}
