// What a relay's engine does at 10,000 flags when it starts and when one flag changes: CPU time, in one process without HTTP.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { canonical } from '../../src/lib/json.ts';
import {
  bodyDigest,
  type EnvironmentDefinition,
  type Snapshot,
  snapshotDigest,
} from '../../src/model/snapshot.ts';
import { DiskCache } from '../../src/relay/disk-cache.ts';
import { SnapshotStore } from '../../src/relay/snapshot-store.ts';
import { assemble, type State } from '../../src/relay/sources/assembly.ts';
import { asTree, manyFlags } from '../support/many-flags.ts';
import { median, table } from './report.ts';

const FLAGS = 10_000;
const USED = 50;
const STARTS = 9;
const SWAPS = 60;

const figures = new Map<string, number[]>();

/** Notes the CPU milliseconds that something takes, those of V8's helpers (garbage, compiler) included. */
async function measured<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  figures.set(name, [...(figures.get(name) ?? []), (user + system) / 1000]);
  return result;
}

/** What PostgreSQL gives after the nth change: one row, and the head. */
function changeOf(base: Snapshot, n: number): State {
  const at = 1 + ((n * 97) % FLAGS);
  const row = base.definitions[at] as Extract<EnvironmentDefinition, { kind: 'flag' }>;
  const body = { ...row.body, description: `Change ${n}.` };
  const revision = base.revision + 1;
  const changed = { ...row, body, digest: bodyDigest(body), revision };
  const digest = snapshotDigest(base.definitions.with(at, changed));
  const entryHash = `hash-of-${revision}`;
  const chain = { entry: revision, entryHash, linkedHash: entryHash, witnessed: null, end: null };
  return {
    project: base.project,
    environment: base.environment,
    head: { revision, commit: null, digest, ...chain },
    rows: [{ ...changed, body: canonical(body) }],
  };
}

async function startAndChange(cache: DiskCache): Promise<void> {
  const { snapshot } = await measured('start: the cache is read', () => cache.load());
  if (!snapshot) throw new Error('the cache is empty');
  const store = new SnapshotStore();
  const isProven = cache.isProven(snapshot);
  await measured('start: compiled as far as it must be', () =>
    store.offer(snapshot, { fromCache: true, isProven }),
  );
  const served = () => store.served ?? process.exit(1);
  for (let n = 0; n < USED; n++) evaluate(served().ruleset, `flag-${n}`, {}, 0);
  for (let n = 0; n < SWAPS; n++) {
    const change = changeOf(served().snapshot, n);
    await measured(
      n === 0 ? 'the first change of a flag' : 'a change of a flag, from its row to the swap',
      async () => {
        const next = await assemble(change, served().snapshot);
        const verdict = next && (await store.offer(next));
        if (verdict?.type !== 'served') throw new Error(`not served: ${JSON.stringify(verdict)}`);
      },
    );
  }
  await measured('the cache is written', () => cache.save(served().snapshot));
  await measured('the first evaluation of all flags', () => evaluateAll(served().ruleset, {}, 0));
  await measured('another evaluation of all flags', () => evaluateAll(served().ruleset, {}, 0));
  await measured('without a cache: all flags are proven to compile', () =>
    new SnapshotStore().offer(served().snapshot),
  );
}

const folder = await mkdtemp(join(tmpdir(), 'halyard-bench-'));
const { definitions } = loadDefinitions(asTree(manyFlags(FLAGS)));
if (!definitions) throw new Error('the definitions do not load');
await new DiskCache(folder, 'prod').save(snapshotOf(definitions, 'prod', 1));
for (let n = 0; n < STARTS; n++) await startAndChange(new DiskCache(folder, 'prod'));
await rm(folder, { recursive: true });
const lines = [...figures].map(([name, ms]) => [
  name,
  ...[median(ms), Math.max(...ms)].map((each) => each.toFixed(1)),
]);
process.stdout.write(
  `Swap: ${FLAGS} flags, of which the app asks for ${USED}; ${STARTS} starts, ${SWAPS} changes each.\n\n` +
    `${table([['CPU ms', 'median', 'most'], ...lines])}\n\n`,
);
