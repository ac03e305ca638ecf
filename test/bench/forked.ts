// Servers as processes of their own, which say where they listen and what processor time they have spent; and the relay over one flag that some are.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { readFolder } from '../../src/io/folder.ts';
import { createLog } from '../../src/io/log.ts';
import { buildIdentity } from '../../src/relay/build-identity.ts';
import { startRelay } from '../../src/relay/main.ts';
import type { RelayOptions } from '../../src/relay/options.ts';
import { NO_SOURCE, writeCache } from './server-process.ts';

export interface Forked {
  url: string;
  /** Processor time that it has spent, in microseconds. */
  cpuMicros: () => Promise<number>;
  stop: () => void;
}

/** Starts a file of this folder, which calls `tell`. Rejects where it ends before that. */
export async function forked(
  file: string,
  args: readonly string[],
  variables?: NodeJS.ProcessEnv,
): Promise<Forked> {
  const child = fork(join(import.meta.dirname, file), args, {
    ...(variables && { env: { PATH: process.env.PATH, ...variables } }),
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(message as string));
    child.once('exit', (code) => reject(new Error(`${file} ${args[0]} ended with ${code}`)));
  });
  const cpuMicros = async () => {
    child.send('cpu');
    const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage];
    return user + system;
  };
  return { url, cpuMicros, stop: () => child.disconnect() };
}

/** The other end: tells where this process listens, and ends with the one that started it. */
export function tell(url: string): void {
  process.send?.(url);
  process.on('message', () => process.send?.(process.cpuUsage()));
  process.on('disconnect', () => process.exit());
}

/** A relay that serves a folder of definitions from a cache: nothing looks at a thousand files meanwhile. */
export async function relayOf(folder: string, options: Partial<RelayOptions> = {}) {
  const { definitions } = loadDefinitions(await readFolder(folder));
  if (!definitions) throw new Error('the definitions do not load');
  const cache = await mkdtemp(join(tmpdir(), 'halyard-bench-cache-'));
  await writeCache(cache, snapshotOf(definitions, 'prod', 1), await buildIdentity());
  const relay = await startRelay({
    environment: 'prod',
    source: NO_SOURCE,
    cache,
    listen: '127.0.0.1:0',
    version: '0',
    instanceId: 'bench',
    log: createLog({ service: 'relay', version: '0', level: 'silent' }),
    ...options,
  });
  await relay.ready;
  await rm(cache, { recursive: true });
  return relay;
}

/** A folder with one flag, `flag`, that is on for half of the units. */
export async function folderOfOneFlag(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
  const project = 'project: acme/bench\nenvironments: { prod: { salt: "c07d2e" } }\n';
  const flag =
    'flag: flag\npermanent: true\ntype: boolean\nenvironments:\n  prod: { serve: on, percent: 50 }\n';
  await writeFile(join(path, 'project.yaml'), project);
  await writeFile(join(path, 'flag.yaml'), flag);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
