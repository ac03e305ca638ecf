// What a relay costs its neighbour in memory: idle with 50 and with 10,000 flags, and after a burst, beside bare fastify and node itself.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleRelay } from '../../scripts/bundle-relay.ts';
import { closedLoop, requestBytes } from './http-load.ts';
import { median, table } from './report.ts';
import {
  bareFastify,
  buildOf,
  cacheOf,
  IMAGE_OPTIONS,
  ONE_FLAG,
  relayOver,
  start,
} from './server-process.ts';

const ROUNDS = 3;
const SETTLE_MS = 1_500;
const BURST_MS = 2_000;

interface Memory {
  residentMb: number;
  /** What no other process shares: the rest is mostly node's own code, which a second node on the machine has for nothing. */
  privateMb: number;
}

async function memoryOf(pid: number): Promise<Memory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text)?.[1]) / 1024;
  return { residentMb: mb('Rss'), privateMb: mb('Private_Clean') + mb('Private_Dirty') };
}

const one = requestBytes(ONE_FLAG.path, ONE_FLAG.body);
const all = requestBytes('/ofrep/v1/evaluate/flags', JSON.stringify({ context: { targetingKey: 'user-1' } }));

/** As many requests as it can answer: single flags, then all flags at once where it can. */
async function burst(port: number, withBulk: boolean): Promise<void> {
  await closedLoop(port, one, 64, BURST_MS);
  if (withBulk) await closedLoop(port, all, 16, BURST_MS);
  await sleep(SETTLE_MS);
}

interface Subject {
  name: string;
  measure: () => Promise<Memory[]>;
}

function server(name: string, argumentsFor: (port: number) => string[], withBulk: boolean): Subject {
  const measure = async () => {
    const process = await start(argumentsFor);
    await sleep(SETTLE_MS);
    const idle = await memoryOf(process.pid);
    await burst(process.port, withBulk);
    const after = await memoryOf(process.pid);
    await process.stop();
    return [idle, after];
  };
  return { name, measure };
}

function nodeAlone(): Subject {
  const measure = async () => {
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
    await sleep(SETTLE_MS);
    const idle = await memoryOf(child.pid as number);
    child.kill();
    return [idle];
  };
  return { name: 'node alone', measure };
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
const bundle = join(folder, 'relay');
const build = buildOf(await bundleRelay(bundle));
const main = join(bundle, 'main.js');
const few = await cacheOf(join(folder, 'few'), 50, build);
const many = await cacheOf(join(folder, 'many'), 10_000, build);
const fewOfSources = await cacheOf(join(folder, 'sources'), 50);
const sources = join(import.meta.dirname, '../../src/cli/main.ts');
const warm = await start(relayOver(main, few));
await warm.stop();
const subjects = [
  nodeAlone(),
  server('bare fastify', bareFastify(warm.answer), false),
  server('bare fastify, options of the image', bareFastify(warm.answer, IMAGE_OPTIONS), false),
  server('relay, 50 flags, options of the image', relayOver(main, few, IMAGE_OPTIONS), true),
  server('relay, 50 flags', relayOver(main, few), true),
  server('relay, 50 flags, from its sources', relayOver(sources, fewOfSources), true),
  server('relay, 10,000 flags, options of the image', relayOver(main, many, IMAGE_OPTIONS), true),
  server('relay, 10,000 flags', relayOver(main, many), true),
];
const rounds = new Map<Subject, Memory[][]>(subjects.map((subject) => [subject, []]));
for (let round = 0; round < ROUNDS; round++)
  for (const subject of subjects) rounds.get(subject)?.push(await subject.measure());
await rm(folder, { recursive: true });

const rows = subjects.map((subject) => {
  const cells = [0, 1].flatMap((moment) =>
    (['residentMb', 'privateMb'] as const).map((part) => {
      const values = (rounds.get(subject) ?? []).flatMap((round) => round[moment]?.[part] ?? []);
      return values.length === 0 ? '' : median(values).toFixed(0);
    }),
  );
  return [subject.name, ...cells];
});
process.stdout.write(
  `Memory in MB, medians of ${ROUNDS} starts: resident, and of that private. Idle ${SETTLE_MS / 1000} s after the first answer; then
${SETTLE_MS / 1000} s after ${BURST_MS / 1000} s of single calls on 64 connections and ${BURST_MS / 1000} s of all flags at once on 16.
Options of the image: ${IMAGE_OPTIONS.join(' ')}

${table([['', 'idle', 'private', 'after a burst', 'private'], ...rows])}

`,
);
