// A caller that asks at an even pace and leaves the processor to others in between: for benches where an attacker runs too.
import { connect, type Socket } from 'node:net';
import type { Load } from './http-load.ts';

const CONNECTIONS = 8;
const TICK_MS = 5;

/** Requests at a pace, each tick's on all connections in turn. Latency counts from when a request was sent. */
export async function pacedLoop(port: number, request: Buffer, perSecond: number, ms: number): Promise<Load> {
  const latencies: number[] = [];
  const sentAt: number[][] = [];
  const sockets: Socket[] = Array.from({ length: CONNECTIONS }, (_, at) => {
    const waiting: number[] = [];
    sentAt.push(waiting);
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    socket.on('error', (error) => {
      throw error;
    });
    socket.on('data', (bytes) => {
      const now = performance.now();
      const statuses = bytes.toString('latin1').match(/HTTP\/1\.1 \d+/g) ?? [];
      for (const status of statuses) {
        if (!status.endsWith(' 200')) throw new Error(`a well-behaved caller was answered ${status}`);
        latencies.push((now - (sentAt[at]?.shift() ?? Number.NaN)) * 1_000);
      }
    });
    return socket;
  });
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < ms) {
    for (const due = ((performance.now() - start) * perSecond) / 1_000; sent < due; sent++) {
      const at = sent % CONNECTIONS;
      sentAt[at]?.push(performance.now());
      sockets[at]?.write(request);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  while (latencies.length < sent && performance.now() - start < ms + 5_000) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  for (const socket of sockets) socket.destroy();
  if (latencies.length < sent)
    throw new Error(`${sent - latencies.length} of ${sent} requests have no answer`);
  return { answers: latencies.length, seconds: ms / 1_000, latencies: Float64Array.from(latencies).sort() };
}
