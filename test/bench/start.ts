// How long a relay takes from the start of its process to its first answer, with all else down and 10,000 flags in its
// cache, against a bare fastify server that answers the same bytes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { DiskCache } from '../../src/relay/disk-cache.ts';
import { asTree, manyFlags } from '../support/many-flags.ts';
import { requestBytes } from './http-load.ts';
import { median, table } from './report.ts';

const FLAGS = 10_000;
const ROUNDS = 15;
const request = requestBytes('/v1/evaluate/flag-7', JSON.stringify({ context: { country: 'DE' } }));

interface Start {
  firstAnswerMs: number;
  answer: string;
}

/** Starts a process that is to listen on the port it is told, and asks it every millisecond until it answers. */
async function start(argumentsFor: (port: number) => string[]): Promise<Start> {
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
  child.kill();
  await ended;
  if (answer === undefined) throw new Error(`${argumentsFor(port).join(' ')} ended before it answered`);
  return { firstAnswerMs, answer };
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

/** What a relay leaves that has served this. */
async function fillCache(folder: string): Promise<void> {
  const { definitions } = loadDefinitions(asTree(manyFlags(FLAGS)));
  if (!definitions) throw new Error('the definitions do not load');
  const cache = new DiskCache(folder, 'prod');
  await cache.load();
  await cache.save(snapshotOf(definitions, 'prod', 1));
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
await fillCache(folder);
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const nowhere = 'postgres://nobody@127.0.0.1:9/nothing';
const relay = (port: number) => [
  main,
  ...['relay', '--environment', 'prod', '--source', nowhere, '--cache', folder],
  ...['--listen', `127.0.0.1:${port}`, '--log-level', 'silent'],
];
const { answer } = await start(relay);
if (!answer.includes('"value":')) throw new Error(`the relay has no value: ${answer}`);
const bare = (port: number) => [join(import.meta.dirname, 'start-server.ts'), String(port), answer];
await start(bare);

const rounds: { relay: number; bare: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const [first, second] = round % 2 ? [relay, bare] : [bare, relay];
  const [a, b] = [await start(first), await start(second)];
  if (a.answer !== b.answer) throw new Error(`not the same bytes: ${a.answer} and ${b.answer}`);
  const [ours, theirs] = round % 2 ? [a, b] : [b, a];
  rounds.push({ relay: ours.firstAnswerMs, bare: theirs.firstAnswerMs });
}
await rm(folder, { recursive: true });

const ms = (read: (round: (typeof rounds)[number]) => number) => median(rounds.map(read)).toFixed(0);
const least = (read: (round: (typeof rounds)[number]) => number) => Math.min(...rounds.map(read)).toFixed(0);
process.stdout.write(
  `Start: from the start of the process to its first answer, ${FLAGS} flags in the relay's cache and nothing else up;
${ROUNDS} alternated rounds after one of each to warm up (a relay keeps its compiled code from then on).

${table([
  ['ms', 'relay', 'bare fastify', 'ratio'],
  [
    'median',
    ms((round) => round.relay),
    ms((round) => round.bare),
    median(rounds.map((round) => round.relay / round.bare)).toFixed(2),
  ],
  ['least', least((round) => round.relay), least((round) => round.bare), ''],
])}

`,
);
