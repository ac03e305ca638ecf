// A database with the definitions of an experiment applied, collectors on it, and the events that tests bring.
import { gzipSync } from 'node:zlib';
import { Pool } from '../../src/db/pool.ts';
import { type Collector, startCollector } from '../../src/events/main.ts';
import type { CollectorOptions } from '../../src/events/options.ts';
import { createLog } from '../../src/io/log.ts';
import type { Exposure, TrackEvent } from '../../src/model/event.ts';
import { applyCommit } from '../audit/writing.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { DEFINITIONS, PROJECT } from './definitions.ts';

export const silent = createLog({ service: 'test', version: '0', level: 'silent' });

export interface Counted {
  ids: number;
  assignments: number;
  events: number;
}

export class Collecting implements AsyncDisposable {
  readonly database: TestDatabase;
  readonly pool: Pool;
  readonly #collectors: Collector[] = [];

  private constructor(database: TestDatabase) {
    this.database = database;
    this.pool = new Pool(database.url, { applicationName: 'test', maxConnections: 2 });
  }

  static async create({ applied = true } = {}): Promise<Collecting> {
    const collecting = new Collecting(await createDatabase());
    if (applied) await applyCommit(collecting.pool, PROJECT, DEFINITIONS);
    return collecting;
  }

  /** A collector in this process, which is stopped with all of this. */
  async collector(overrides: Partial<CollectorOptions> = {}): Promise<Collector> {
    const collector = await startCollector({
      databaseUrl: this.database.url,
      listen: '127.0.0.1:0',
      version: 'test',
      log: silent,
      ...overrides,
    });
    this.#collectors.push(collector);
    return collector;
  }

  async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** How many rows there are. */
  async counted(): Promise<Counted> {
    const [row] = await this.query<Counted>(
      `select (select count(*)::int from halyard.event_id) as ids,
              (select count(*)::int from halyard.assignment) as assignments,
              (select count(*)::int from halyard.track_event) as events`,
    );
    return row as Counted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const collector of this.#collectors) await collector.stop();
    await this.pool.close();
    await this.database[Symbol.asyncDispose]();
  }
}

let ids = 0;

export function exposure(overrides: Partial<Exposure> = {}): Exposure {
  return {
    type: 'exposure',
    id: `e-${++ids}`,
    environment: 'prod',
    atMs: Date.now(),
    experiment: 'layout',
    arm: 'on',
    unitAttribute: 'targetingKey',
    unit: 'u-1',
    revision: 1,
    ...overrides,
  };
}

export function track(overrides: Partial<TrackEvent> = {}): TrackEvent {
  return {
    type: 'track',
    id: `t-${++ids}`,
    environment: 'prod',
    atMs: Date.now(),
    event: 'purchase',
    units: { targetingKey: 'u-1' },
    ...overrides,
  };
}

export function linesOf(events: readonly unknown[]): string {
  return events.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\n`).join('');
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at the members that it expects
  body: any;
}

/** Brings events, or lines as they are. */
export async function bring(
  url: string,
  events: readonly unknown[] | Buffer,
  { gzip = false, headers = {} }: { gzip?: boolean; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const plain = Buffer.isBuffer(events) ? events : Buffer.from(linesOf(events));
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-ndjson',
      ...(gzip && { 'content-encoding': 'gzip' }),
      ...headers,
    },
    body: new Uint8Array(gzip ? gzipSync(plain) : plain),
  });
  return answerOf(response);
}

export async function ask(url: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(await fetch(`${url}${path}`, { headers }));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
