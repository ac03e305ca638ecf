// Starts relays that tell a collector of a test's.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelayOptions } from '../../../src/relay/options.ts';
import { createFolder } from '../folder.ts';
import { relay, type TestRelay } from '../start.ts';
import { type Answer, TestCollector } from './collector.ts';
import { experimentShop } from './shop.ts';

export interface Told extends AsyncDisposable {
  relay: TestRelay;
  collector: TestCollector;
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  /** The `events` of the status. */
  status: () => EventStatus;
}

export interface EventStatus {
  accepted: { [kind: string]: number };
  delivered: number;
  refused: { [code: string]: number };
  dropped: { [reason: string]: number };
  bufferBytes: number;
  oldestMs?: number;
  delivery: { state: string; lastError?: { code: string; message: string } };
  spool?: { bytes: number; state: string; lastError?: { code: string; message: string } };
  withoutUnitKey?: string[];
}

/** A relay over the shop with experiments, with its snapshot, and a collector that answers like that. */
export async function told(options: Partial<RelayOptions> = {}, answer?: Answer): Promise<Told> {
  const folder = await createFolder(experimentShop);
  const collector = await TestCollector.start(answer);
  const started = await relay({
    source: `directory:${folder.path}`,
    collector: collector.url,
    ...options,
  });
  await started.ready;
  return {
    relay: started,
    collector,
    post: (path, body, headers = {}) => post(started.url, path, body, headers),
    status: () => started.statusNow().events as EventStatus,
    [Symbol.asyncDispose]: async () => {
      await started.stop();
      await collector[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export function post(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export interface Place extends AsyncDisposable {
  path: string;
  /** Writes a file, and returns its path. */
  file: (name: string, content: string | Uint8Array) => Promise<string>;
}

/** A folder that is gone afterwards. */
export async function place(): Promise<Place> {
  const path = await mkdtemp(join(tmpdir(), 'halyard-events-'));
  return {
    path,
    file: async (name, content) => {
      const file = join(path, name);
      await writeFile(file, content);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
