// A bounded buffer of events in memory. What it holds is lost when the process ends before it is delivered.
import type { Backlog, Batch, EventKind, Surroundings } from './backlog.ts';

/** What is handed over as a whole; a longer text has one for itself. */
const CHUNK_BYTES = 64 * 1024;

interface Chunk {
  /** Written as they come: texts that wait would be carried about by every collection of garbage. */
  memory: Buffer;
  /** Of the memory, with lines in it. */
  bytes: number;
  count: number;
  atMs: number;
}

export class Buffered implements Backlog {
  readonly fault = undefined;
  readonly #mostBytes: number;
  readonly #around: Pick<Surroundings, 'onArrival' | 'onKept'>;
  /** The oldest first; the last one is still being filled. */
  readonly #chunks: Chunk[] = [];
  /** How many of the first ones are under way. */
  #underWay = 0;
  bufferBytes = 0;

  constructor(mostBytes: number, around: Pick<Surroundings, 'onArrival' | 'onKept'>) {
    this.#mostBytes = mostBytes;
    this.#around = around;
  }

  get oldestAtMs(): number | undefined {
    return this.#chunks[0]?.atMs;
  }

  add(kind: EventKind, text: string, count: number, nowMs: number): 'full' | undefined {
    const bytes = Buffer.byteLength(text);
    if (this.bufferBytes + bytes > this.#mostBytes) return 'full';
    const chunk = this.#open(bytes, nowMs);
    chunk.bytes += chunk.memory.write(text, chunk.bytes);
    chunk.count += count;
    this.bufferBytes += bytes;
    this.#around.onKept(kind, count);
    if (this.bufferBytes === bytes) this.#around.onArrival();
    return undefined;
  }

  async kept(): Promise<boolean> {
    return true;
  }

  async next(mostEvents: number, mostBytes: number): Promise<Batch | undefined> {
    const taken: Chunk[] = [];
    let [count, bytes] = [0, 0];
    for (const chunk of this.#chunks) {
      if (taken.length > 0 && (count + chunk.count > mostEvents || bytes + chunk.bytes > mostBytes)) break;
      taken.push(chunk);
      count += chunk.count;
      bytes += chunk.bytes;
    }
    this.#underWay = taken.length;
    const [first] = taken;
    if (!first) return undefined;
    const lines = Buffer.concat(taken.map(({ memory, bytes: end }) => memory.subarray(0, end)));
    return { lines, count, atMs: first.atMs };
  }

  async delivered(): Promise<void> {
    for (const { bytes } of this.#chunks.splice(0, this.#underWay)) this.bufferBytes -= bytes;
    this.#underWay = 0;
  }

  async close(): Promise<number> {
    return this.#chunks.reduce((sum, { count }) => sum + count, 0);
  }

  /** The chunk that has room for so many bytes. */
  #open(bytes: number, nowMs: number): Chunk {
    const last = this.#chunks.at(-1);
    const isUnderWay = this.#chunks.length <= this.#underWay;
    if (last && !isUnderWay && last.bytes + bytes <= last.memory.length) return last;
    const memory = Buffer.allocUnsafeSlow(Math.max(bytes, CHUNK_BYTES));
    const chunk = { memory, bytes: 0, count: 0, atMs: nowMs };
    this.#chunks.push(chunk);
    return chunk;
  }
}
