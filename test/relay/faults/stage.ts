// What a fault is played on: a database with numbered commits, and a relay that is asked all the time.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { Pool } from '../../../src/db/pool.ts';
import { applyCommit, type Wanted } from '../../audit/writing.ts';
import { flagBody } from '../../support/snapshot.ts';
import { PROJECT } from '../../support/sync-project.ts';
import { Caller, FLAG, valueAt } from './caller.ts';

/** What nothing that a relay says may hold, besides passwords: who asks. */
const SUBJECT = 'subject-of-the-matrix';
const DEADLINE_MS = 30_000;
/** Many stages stand at once, and none shall be starved by those that look. */
const LOOK_EVERY_MS = 40;

/** Commits to one database, of which each changes the value that is asked for. */
export class Commits {
  readonly #url: string;
  /** The revision of the last commit. */
  revision = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Wakes nobody up. @param more what else the commit changes; `value` is what is right at its revision. */
  async next(more: Wanted[] = [], value = valueAt(this.revision + 1)): Promise<number> {
    await using pool = new Pool(this.#url, { applicationName: 'commits', maxConnections: 1 });
    const salt = this.revision === 0 ? [SALT] : [];
    const { revision } = await applyCommit(pool, PROJECT, [...salt, flagOf(value), ...more]);
    this.revision = revision;
    return revision;
  }

  /** Runs statements as the owner. */
  async run(...statements: string[]): Promise<void> {
    await using pool = new Pool(this.#url, { applicationName: 'owner', maxConnections: 1 });
    for (const statement of statements) await pool.query(statement);
  }
}

const SALT: Wanted = { kind: 'project', key: PROJECT, environment: 'prod', body: { salt: 'c07d2e' } };

export function flagOf(value: number, more: object = {}): Wanted {
  const body = {
    ...flagBody({ type: 'number', variations: { now: value, off: -1 } }),
    fallthrough: { serve: 'now' },
  };
  return { key: FLAG, environment: 'prod', body: { ...body, ...more } };
}

/** Waits until what is seen holds, with a generous deadline; fails with what was seen last. */
export async function eventually<Value>(
  look: () => Value | Promise<Value>,
  holds: (value: Value) => boolean = Boolean,
): Promise<Value> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > end) throw new Error(`still not so: ${JSON.stringify(value)}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** What a relay says of itself. */
export interface Status {
  ready: boolean;
  stale: boolean;
  revision?: number;
  fromCache?: boolean;
  ageMs?: number;
  uptimeMs: number;
  rewound?: boolean;
  source: { kind: string; state: string; lastError?: { code: string; message: string; since: string } };
  cache?: { state: string; lastError?: { code: string; message: string; since: string } };
  workers?: { wanted: number; up: number; lost: number };
}

/** Any relay, of this process or another one. */
export interface AskedRelay {
  url: string;
  /** Where flagd's protocol is answered, if at all. */
  grpcUrl?: string | undefined;
  /** What it has logged so far. */
  lines(): string[];
}

export const statusOf = async ({ url }: AskedRelay) =>
  (await (await fetch(`${url}/v1/status`)).json()) as Status;

export const isLogged = (relay: AskedRelay, text: string) =>
  relay.lines().some((line) => line.includes(text));

/** The value of a metric; undefined where there is none. */
export async function metricOf({ url }: AskedRelay, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text
    .split('\n')
    .find((candidate) => candidate.startsWith(`${name} `) || candidate.startsWith(`${name}{`));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

/** What is said of a fault: its code, and its message. */
export interface Said {
  code: string;
  message: RegExp;
}

/** Waits until the relay tells of a fault everywhere, and sees that it goes on being ready and counts its age. */
export async function expectSaid(relay: AskedRelay, { code, message }: Said): Promise<void> {
  const { source } = await eventually(
    () => statusOf(relay),
    ({ source: { lastError }, stale }) =>
      stale && lastError?.code === code && message.test(lastError.message),
  );
  expect(source.state).toBe('faulty');
  expect(Date.parse(source.lastError?.since ?? '')).toBeLessThanOrEqual(Date.now());
  expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
  expect((await fetch(`${relay.url}/livez`)).status).toBe(200);
  expect(await metricOf(relay, 'halyard_source_up')).toBe(0);
  expect(await metricOf(relay, 'halyard_snapshot_stale')).toBe(1);
  expect(relay.lines().some((line) => line.includes(`"code":"${code}"`))).toBe(true);
}

/** Waits until its age is greater than it was. A relay that has not heard of its source since it started has none. */
export async function expectAgeing(relay: AskedRelay): Promise<void> {
  const { ageMs } = await statusOf(relay);
  if (ageMs === undefined)
    return expect(await metricOf(relay, 'halyard_snapshot_age_seconds')).toBeUndefined();
  const seconds = (await metricOf(relay, 'halyard_snapshot_age_seconds')) ?? Number.NaN;
  expect(Math.min(ageMs, seconds)).toBeGreaterThanOrEqual(0);
  await eventually(async () => ((await metricOf(relay, 'halyard_snapshot_age_seconds')) ?? 0) > seconds);
}

/** Waits until the relay serves a revision, and says that all is well. */
export async function expectWell(relay: AskedRelay, revision: number): Promise<void> {
  const { source } = await eventually(
    () => statusOf(relay),
    (status) => status.revision === revision && !status.stale && status.source.state === 'current',
  );
  expect(source.lastError).toBeUndefined();
  expect(await metricOf(relay, 'halyard_source_up')).toBe(1);
  expect(await metricOf(relay, 'halyard_snapshot_revision')).toBe(revision);
  expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
}

/** Asks a relay all the time while something is done, and sees that each answer was right, and the last one new. */
export async function asked(
  relay: AskedRelay,
  commits: Pick<Commits, 'revision'>,
  work: () => Promise<void>,
): Promise<void> {
  const caller = new Caller(relay);
  try {
    await eventually(() => caller.answers > 0);
    await work();
    await eventually(() => caller.revision === commits.revision || caller.faults.length > 0);
  } finally {
    await caller.stop();
  }
  expect(caller.faults).toEqual([]);
}

/** Sees that no secret and nobody's name has come out. */
export async function expectDiscreet(relay: AskedRelay, ...urls: string[]): Promise<void> {
  const status = JSON.stringify(await statusOf(relay));
  const said = `${relay.lines().join('')}${status}${await (await fetch(`${relay.url}/metrics`)).text()}`;
  for (const secret of [SUBJECT, ...urls.map((url) => new URL(url).password).filter((word) => word !== '')]) {
    expect(said.includes(secret), 'something that is nobody’s concern came out').toBe(false);
  }
}
