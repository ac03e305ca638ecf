// What an answer tells a relay behind this one beside the snapshot: how fresh it is here, and what its audit chain holds.
import type { FastifyReply } from 'fastify';
import type { RelayCore } from '../core.ts';

/** Milliseconds since the source of all confirmed what is served. Absent where it never did since this relay started. */
export const AGE = 'halyard-age';
/** Why what is served may be out of date, in a word. Absent where it is not. */
export const STALE = 'halyard-stale';
/** The last entry of the audit chain that was seen, and its hash. */
export const WITNESS = 'halyard-witness';
/** The hash that the chain holds for the entry that was asked for; `none` where it has no such entry. Absent where that cannot be told now. */
export const WITNESSED = 'halyard-witnessed';

/** The hash that the chain holds for an entry, of which it is asked only where this relay has not just seen it. */
export async function lookUp(
  { store, linkedHash }: RelayCore,
  entry: number | undefined,
): Promise<string | null | undefined> {
  const { witness } = store;
  if (entry === undefined || witness === undefined || entry > witness.entry) return undefined;
  return entry === witness.entry ? witness.hash : linkedHash?.(entry);
}

/** @param witnessed what was looked up for who asks */
export function tellFreshness(
  { health, now, store: { witness } }: RelayCore,
  reply: FastifyReply,
  witnessed: string | null | undefined,
): void {
  const { confirmedAtMs, stale, fault } = health;
  if (confirmedAtMs !== undefined) reply.header(AGE, Math.max(0, now() - confirmedAtMs));
  if (stale) reply.header(STALE, fault?.code ?? 'unconfirmed');
  if (witness) reply.header(WITNESS, `${witness.entry} ${witness.hash}`);
  if (witnessed !== undefined) reply.header(WITNESSED, witnessed ?? 'none');
}
