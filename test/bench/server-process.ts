// Servers as processes of their own, for the benches of starts and of memory: the relay's bundle over a cache, and a bare fastify.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { bundleRelay } from '../../scripts/bundle-relay.ts';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { buildIdentity, identityOf } from '../../src/relay/build-identity.ts';
import { writeCacheFile } from '../../src/relay/cache-file.ts';
import { asTree, manyFlags } from '../support/many-flags.ts';
import { requestBytes } from './http-load.ts';

/** What the image starts the relay with, see deploy/relay/Dockerfile. */
export const IMAGE_OPTIONS = ['--max-semi-space-size=1', '--v8-pool-size=1'];

export const ONE_FLAG = { path: '/v1/evaluate/flag-7', body: JSON.stringify({ context: { country: 'DE' } }) };
const request = requestBytes(ONE_FLAG.path, ONE_FLAG.body);

export interface ServerProcess {
  pid: number;
  port: number;
  /** From the start of the process to its first answer. */
  firstAnswerMs: number;
  answer: string;
  stop: () => Promise<void>;
}

/** Starts a process that is to listen on the port it is told, and asks it every millisecond until it answers. */
export async function start(argumentsFor: (port: number) => string[]): Promise<ServerProcess> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, argumentsFor(port), { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  let answer: string | undefined;
  while (answer === undefined && child.exitCode === null) {
    answer = await ask(port);
    if (answer === undefined) await sleep(1);
  }
  const firstAnswerMs = performance.now() - began;
  if (answer === undefined) throw new Error(`${argumentsFor(port).join(' ')} ended before it answered`);
  const stop = async () => {
    child.kill();
    await ended;
  };
  return { pid: child.pid as number, port, firstAnswerMs, answer, stop };
}

/** The body of the answer; undefined where nobody listens yet. */
function ask(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.on('error', () => resolve(undefined));
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.toString().split('\r\n\r\n')[1]);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Leaves in a folder what a relay leaves that has served so many flags. */
export async function cacheOf(folder: string, flags: number, build = buildIdentity()): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { definitions } = loadDefinitions(asTree(manyFlags(flags)));
  if (!definitions) throw new Error('the definitions do not load');
  await writeCache(folder, snapshotOf(definitions, 'prod', 1), await build);
  return folder;
}

/** Leaves a snapshot of `prod` where a relay with that cache finds it. */
export async function writeCache(folder: string, snapshot: Snapshot, build: string): Promise<void> {
  await writeCacheFile(
    join(folder, `${encodeURIComponent(snapshot.project)}@prod.snapshot`),
    snapshot,
    build,
  );
}

/** Where no PostgreSQL listens. */
export const NO_SOURCE = 'postgres://nobody@127.0.0.1:9/nothing';

/** What a bundle is known by to itself: its caches are those that it wrote. */
export async function buildOf({ outputs }: Awaited<ReturnType<typeof bundleRelay>>): Promise<string> {
  const compiles = Object.entries(outputs).find(([, { inputs }]) => 'src/engine/compile.ts' in inputs);
  if (!compiles) throw new Error('no file of the bundle compiles snapshots');
  return identityOf(join(import.meta.dirname, '../..', compiles[0]));
}

/** The arguments of a relay with all else down. */
export function relayOver(main: string, cache: string, options: readonly string[] = []) {
  return (port: number): string[] => [
    ...options,
    main,
    ...['relay', '--environment', 'prod', '--source', NO_SOURCE],
    ...['--cache', cache, '--listen', `127.0.0.1:${port}`, '--log-level', 'silent'],
  ];
}

/** The arguments of a bare fastify server that answers with fixed bytes. */
export function bareFastify(answer: string, options: readonly string[] = []) {
  const file = join(import.meta.dirname, 'start-server.ts');
  return (port: number): string[] => [...options, file, String(port), answer];
}
