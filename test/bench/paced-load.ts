// A caller that asks at an even pace and leaves the processor to others in between: for benches where an attacker runs too.
import { setTimeout as sleep } from 'node:timers/promises';
import { accepted, Connection, type Load } from './http-load.ts';

const CONNECTIONS = 32;
const TICK_MS = 5;

/**
 * Requests at a pace, one on a connection at a time. One that finds no connection free waits, and
 * its wait counts.
 */
export async function pacedLoop(port: number, request: Buffer, perSecond: number, ms: number): Promise<Load> {
  const latencies: number[] = [];
  const idle: Connection[] = [];
  const waiting: number[] = [];
  const all = Array.from({ length: CONNECTIONS }, () => {
    return new Connection(
      port,
      () => request,
      (connection) => {
        latencies.push((performance.now() - connection.dueMs) * 1_000);
        const dueMs = waiting.shift();
        if (dueMs === undefined) idle.push(connection);
        else connection.send(dueMs);
      },
    );
  });
  idle.push(...all);
  await accepted(all);
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < ms) {
    for (const due = ((performance.now() - start) * perSecond) / 1_000; sent < due; sent++) {
      const connection = idle.shift();
      if (connection) connection.send(performance.now());
      else waiting.push(performance.now());
    }
    await sleep(TICK_MS);
  }
  while (latencies.length < sent && performance.now() - start < ms + 5_000) await sleep(TICK_MS);
  for (const connection of all) connection.close();
  if (latencies.length < sent)
    throw new Error(`${sent - latencies.length} of ${sent} requests have no answer`);
  return { answers: latencies.length, seconds: ms / 1_000, latencies: Float64Array.from(latencies).sort() };
}
