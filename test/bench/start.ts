// How long a relay takes from the start of its process to its first answer, with all else down and 10,000 flags in its
// cache, against a bare fastify server that answers the same bytes; and where that time goes.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleRelay } from '../../scripts/bundle-relay.ts';
import { median, table } from './report.ts';
import { bareFastify, buildOf, cacheOf, IMAGE_OPTIONS, relayOver, start } from './server-process.ts';

const FLAGS = 10_000;
const ROUNDS = 11;

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
const bundle = join(folder, 'relay');
const build = buildOf(await bundleRelay(bundle));
const main = join(bundle, 'main.js');
const sources = join(import.meta.dirname, '../../src/cli/main.ts');
const many = await cacheOf(join(folder, 'many'), FLAGS, build);
const few = await cacheOf(join(folder, 'few'), 50, build);
const manyOfSources = await cacheOf(join(folder, 'sources'), FLAGS);

async function firstAnswer(argumentsFor: (port: number) => string[], value = true): Promise<number> {
  const server = await start(argumentsFor);
  await server.stop();
  if (value !== server.answer.includes('"value":')) throw new Error(`not what was to be: ${server.answer}`);
  return server.firstAnswerMs;
}

/** From the start of a process to its end. */
function whole(...args: string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - began;
}

const server = await start(relayOver(main, many));
await server.stop();
const { answer } = server;
const steps: [name: string, step: () => Promise<number> | number][] = [
  [`relay, ${FLAGS} flags`, () => firstAnswer(relayOver(main, many))],
  ['  with the options of the image', () => firstAnswer(relayOver(main, many, IMAGE_OPTIONS))],
  ['  from its TypeScript sources', () => firstAnswer(relayOver(sources, manyOfSources))],
  ['  from a cache of another build', () => firstAnswer(relayOver(main, manyOfSources))],
  ['relay, 50 flags', () => firstAnswer(relayOver(main, few))],
  ['relay, nothing in its cache', () => firstAnswer(relayOver(main, join(folder, 'none')), false)],
  ['its code alone, loaded (halyard relay --help)', () => whole(main, 'relay', '--help')],
  ['bare fastify', () => firstAnswer(bareFastify(answer))],
  ['node alone (node --eval 0)', () => whole('--eval', '0')],
];

/** The first round fills what Node keeps of the code. */
const rounds: number[][] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const took = new Array<number>(steps.length).fill(Number.NaN);
  for (let turn = 0; turn < steps.length; turn++) {
    const at = (turn + round) % steps.length;
    took[at] = (await steps[at]?.[1]()) as number;
  }
  if (round > 0) rounds.push(took);
}
await rm(folder, { recursive: true });

const rows = steps.map(([name], at) => {
  const all = rounds.map((took) => took[at] as number);
  const ratios = rounds.map((took) => (took[0] as number) / (took[at] as number));
  const [middle, least, most] = [median(all), Math.min(...all), Math.max(...all)];
  return [
    name,
    ...[middle, least, most].map((ms) => ms.toFixed(0)),
    at === 0 ? '' : median(ratios).toFixed(2),
  ];
});
process.stdout.write(
  `Start: from the start of the process to its first answer, with nothing else up; ${ROUNDS} alternated rounds after one to
warm up (a relay keeps its compiled code from then on). The relay is the bundle that the package and the image run.

${table([['ms', 'median', 'least', 'most', `first row / this`], ...rows])}

`,
);
