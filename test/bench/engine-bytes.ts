// What an evaluation allocates, in eight engines. Needs --expose-gc, and a young generation that holds a whole row.
import type { Engine } from './engine-peer.ts';
import { prepareAll, type Row, rows } from './engine-rows.ts';
import { allEngines } from './engines.ts';
import { median, table } from './report.ts';

/** Bytes per evaluation. Nothing is collected while it runs. */
function bytes(row: Row, engine: Engine, prepared: readonly unknown[]): number {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  row.run(engine, prepared);
  return Math.max(0, process.memoryUsage().heapUsed - before) / (prepared.length * row.each);
}

const engines = await allEngines();
const lines = rows.map((row) => {
  const prepared = prepareAll(row, engines);
  const measured = engines.map((engine) => {
    const contexts = prepared.get(engine) ?? [];
    // Optimised code allocates less, so it must be warm.
    for (let i = 0; i < 30; i++) row.run(engine, contexts);
    return median(Array.from({ length: 7 }, () => bytes(row, engine, contexts)));
  });
  return [row.name, ...measured.map((each) => each.toFixed(0))];
});
const heads = ['bytes allocated per evaluation', ...engines.map(({ name }) => name)];
process.stdout.write(`${table([heads, ...lines])}\n\n`);
for (const engine of engines) engine.close?.();
