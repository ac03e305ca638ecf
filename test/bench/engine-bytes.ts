// What an evaluation allocates, in eight engines. Needs --expose-gc, and a young generation that holds a whole row.
import type { Engine } from './engine-peer.ts';
import { prepareAll, type Row, rows } from './engine-rows.ts';
import { allEngines } from './engines.ts';
import { median, table } from './report.ts';

/** Bytes per evaluation. Nothing is collected while it runs. */
async function bytes(row: Row, engine: Engine, prepared: readonly unknown[]): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await row.run(engine, prepared);
  return Math.max(0, process.memoryUsage().heapUsed - before) / (prepared.length * row.each);
}

const engines = await allEngines();
const lines: string[][] = [];
for (const row of rows) {
  const prepared = await prepareAll(row, engines);
  const measured: string[] = [];
  for (const engine of engines) {
    const contexts = prepared.get(engine) ?? [];
    // Optimised code allocates less, so it must be warm.
    for (let i = 0; i < 30; i++) await row.run(engine, contexts);
    const rounds: number[] = [];
    while (rounds.length < 7) rounds.push(await bytes(row, engine, contexts));
    measured.push(median(rounds).toFixed(0));
  }
  lines.push([row.name, ...measured]);
}
const heads = ['bytes allocated per evaluation', ...engines.map(({ name }) => name)];
process.stdout.write(`${table([heads, ...lines])}\n\n`);
for (const engine of engines) engine.close?.();
