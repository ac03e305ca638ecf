// Sets and lifts emergency overrides: an entry of the audit and the flag's row, in one transaction past git.
import { setTimeout as sleep } from 'node:timers/promises';
import type { OverrideContent } from '../../audit/content.ts';
import { chooseProject } from '../../audit/log.ts';
import { lockProject } from '../../audit/store.ts';
import { assertDurable } from '../../db/durability.ts';
import { assertMigrated } from '../../db/migrate.ts';
import { Pool } from '../../db/pool.ts';
import { withTransaction } from '../../db/transaction.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { UnreachableError, UsageError } from '../../lib/errors.ts';
import type { FlagBody } from '../../model/snapshot.ts';
import { applyEntry, BaseMovedError } from '../apply.ts';
import { wasWritten } from '../record.ts';
import {
  checkedRequest,
  chosenContent,
  describedChange,
  type OverrideRequest,
  overriddenRow,
} from './content.ts';
import { type Operator, seal } from './seal.ts';
import { type OverrideState, readOverrideState } from './state.ts';

export interface OverrideOptions {
  databaseUrl: string;
  /** Needed where the database has several projects. */
  project?: string;
  operator: Operator;
  /** The clock, in epoch milliseconds. */
  now?: () => number;
  /** A number in [0, 1), for the jitter of retries. */
  random?: () => number;
}

export interface WrittenOverride {
  content: OverrideContent;
  /** What it takes the place of. */
  before?: NonNullable<FlagBody['override']>;
}

/** RFC 4120 §1.6 asks as much of clocks. An override ends by the relays' clocks, and its limit must hold there. */
const WIDEST_SKEW_MS = 5 * 60_000;
/** How often others may write an entry in between. */
const MOST_ATTEMPTS = 200;
/** How long it is tried to learn what became of an entry whose reply was lost. */
const SETTLE_WITHIN_MS = 30_000;

/**
 * Sets or lifts an override. Needs PostgreSQL alone: no git, no sync, no relay. Throws UsageError for what is asked
 * wrongly, OverrideRefusedError where the policy does not let the operator do it, UnreachableError where PostgreSQL does
 * not answer: then nothing is written, unless its message says that this is not known.
 */
export async function writeOverride(
  asked: OverrideRequest,
  options: OverrideOptions,
): Promise<WrittenOverride> {
  const request = checkedRequest(asked);
  const { now = Date.now, random = Math.random } = options;
  await using pool = new Pool(options.databaseUrl, {
    applicationName: 'halyard override',
    maxConnections: 1,
  });
  await pool.withConnection(async (connection) => {
    await assertMigrated(connection);
    await assertDurable(connection);
  });
  await assertClocksAgree(pool, now);
  const project = await chooseProject(pool, options.project);
  for (let attempt = 1; ; attempt++) {
    const state = await readOverrideState(pool, project, request);
    const written = await attemptToWrite(pool, request, state, options.operator, now);
    if (written) return written;
    if (attempt === MOST_ATTEMPTS)
      throw new BaseMovedError(`others wrote ${attempt} entries of ${project} meanwhile`);
    await sleep(backoffMs(attempt, random(), { baseMs: 5, capMs: 100 }));
  }
}

/** Undefined where another entry came first: what was signed then fits no place in the chain. */
async function attemptToWrite(
  pool: Pool,
  request: OverrideRequest,
  state: OverrideState,
  operator: Operator,
  now: () => number,
): Promise<WrittenOverride | undefined> {
  const { head, body } = state;
  const chosen = chosenContent(request, state, now());
  const change = overriddenRow(chosen, state);
  const sealed = await seal(chosen, state, operator);
  const content: OverrideContent = { ...chosen, ...sealed, changes: describedChange(change, state) };
  const wanted = state.served.map((row) => (row === change.before && change.after ? change.after : row));
  const { repository, path, branch } = head;
  try {
    await applyEntry(pool, { repository, path, branch }, head.lastEntry, content, {
      changes: [change],
      wanted,
    });
  } catch (error) {
    if (error instanceof BaseMovedError) return undefined;
    if (!(error instanceof UnreachableError)) throw error;
    if (!(await isInChain(pool, content, head.lastHash, now))) return undefined;
  }
  return { content, ...(body.override && { before: body.override }) };
}

/**
 * Whether an entry whose reply was lost is in the chain. The project's lock is held while a transaction is under way that
 * may still write it. Throws UnreachableError where PostgreSQL stays away.
 */
async function isInChain(
  pool: Pool,
  content: OverrideContent,
  previousHash: string,
  now: () => number,
): Promise<boolean> {
  const giveUpAtMs = now() + SETTLE_WITHIN_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await withTransaction(pool, {}, async (tx) => {
        await lockProject(tx, content.project);
        return wasWritten(tx, { content, previousHash });
      });
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      if (now() >= giveUpAtMs) throw unsettled(content, error);
      await sleep(backoffMs(attempt, 1, { capMs: 1_000 }));
    }
  }
}

function unsettled({ entry }: OverrideContent, cause: UnreachableError): UnreachableError {
  return new UnreachableError(
    cause.code,
    `${cause.message}. Whether entry ${entry} was written is not known: look with \`halyard override list\`.`,
    { cause },
  );
}

async function assertClocksAgree(pool: Pool, now: () => number): Promise<void> {
  const { rows } = await pool.query<{ ms: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
  );
  const aheadMs = now() - (rows[0]?.ms ?? Number.NaN);
  if (Math.abs(aheadMs) <= WIDEST_SKEW_MS) return;
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  throw new UsageError(
    `this machine's clock is ${minutes} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} that of PostgreSQL, and an override ends by the clock. ` +
      'Set it right first, or run this on a machine whose clock is.',
  );
}
