// Reads a spool's files from the oldest to the newest, and removes those that are delivered.
import { open, rm } from 'node:fs/promises';
import type { Batch } from './backlog.ts';
import { endOfDamaged, frameAt, lengthAt, SEGMENT_HEAD } from './segment.ts';
import type { SegmentFile } from './spool-folder.ts';
import type { Segment } from './spool-writer.ts';

/** Most frames are shorter than that: a longer one is read once more, as a whole. */
const USUAL_FRAME_BYTES = 1024 * 1024;
const LINE_END = 0x0a;

export class SpoolReader {
  /** The oldest first. */
  readonly #segments: Segment[] = [];
  readonly #onDamage: (events: number, path: string) => void;
  /** Up to where the first one is delivered. */
  #offset = SEGMENT_HEAD.length;
  #batchEnd = SEGMENT_HEAD.length;
  /** When the oldest event came that is not delivered, or one that was before it. */
  #oldestAtMs: number | undefined;

  /** @param onDamage called with how many events, at a guess, cannot be read */
  constructor(onDamage: (events: number, path: string) => void) {
    this.#onDamage = onDamage;
  }

  /** On the disk, with what is delivered of files that go on. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** True where all is delivered. */
  get isDrained(): boolean {
    const [first] = this.#segments;
    return this.#segments.length <= 1 && (!first || this.#offset >= first.bytes);
  }

  /** When the oldest event came that waits; of what an earlier process left, until it is read, when that was written. */
  get oldestAtMs(): number | undefined {
    return this.#oldestAtMs;
  }

  /** Takes in that a file has more events, the first of which came then. A new file goes behind those that are there. */
  add(segment: Segment, atMs: number): void {
    if (this.#segments.at(-1) !== segment) this.#segments.push(segment);
    this.#oldestAtMs ??= atMs;
  }

  /** The same for a whole file of an earlier process. */
  addLeft({ path, bytes, writtenAtMs }: SegmentFile): void {
    this.add({ path, bytes, isOpen: false }, writtenAtMs);
  }

  /** See `Backlog.next`. Rejects where the disk refuses. */
  async next(mostEvents: number, mostBytes: number): Promise<Batch | undefined> {
    for (let [segment] = this.#segments; segment; [segment] = this.#segments) {
      if (this.#offset < segment.bytes) {
        const found = await this.#read(segment, mostEvents, mostBytes);
        if (found) return found;
      } else if (segment.isOpen) return undefined;
      else await this.#remove(segment);
    }
    return undefined;
  }

  delivered(): void {
    this.#offset = this.#batchEnd;
    if (this.isDrained) this.#oldestAtMs = undefined;
  }

  async #read(segment: Segment, mostEvents: number, mostBytes: number): Promise<Batch | undefined> {
    const bytes = await readFrames(segment, this.#offset, Math.max(mostBytes, USUAL_FRAME_BYTES));
    const first = frameAt(bytes, 0);
    if (!first) {
      this.#passOver(segment, bytes.subarray(0, endOfDamaged(bytes)));
      return undefined;
    }
    const parts = [first.lines];
    let { count, end } = first;
    let size = first.lines.length;
    for (let frame = frameAt(bytes, end); frame; frame = frameAt(bytes, end)) {
      if (count + frame.count > mostEvents || size + frame.lines.length > mostBytes) break;
      parts.push(frame.lines);
      count += frame.count;
      size += frame.lines.length;
      end = frame.end;
    }
    this.#batchEnd = this.#offset + end;
    this.#oldestAtMs = first.atMs;
    return { lines: Buffer.concat(parts), count, atMs: first.atMs };
  }

  #passOver(segment: Segment, damaged: Buffer): void {
    const lines = damaged.reduce((sum, byte) => sum + Number(byte === LINE_END), 0);
    this.#onDamage(Math.max(1, lines), segment.path);
    // Of a file that is gone, there is nothing at all.
    this.#offset = damaged.length === 0 ? segment.bytes : this.#offset + damaged.length;
    if (this.isDrained) this.#oldestAtMs = undefined;
  }

  async #remove(segment: Segment): Promise<void> {
    await rm(segment.path, { force: true });
    this.#segments.shift();
    this.#offset = SEGMENT_HEAD.length;
  }
}

/** So many bytes of a file from a frame on, or as many as the frame has where it is longer and the file holds it. */
async function readFrames(segment: Segment, from: number, most: number): Promise<Buffer> {
  const bytes = await readPart(segment, from, most);
  const length = lengthAt(bytes);
  const isCut = length > bytes.length && length <= segment.bytes - from;
  return isCut ? readPart(segment, from, length) : bytes;
}

/** So many bytes of a file from there on, as far as they are on the disk. One that somebody has removed has none. */
async function readPart({ path, bytes }: Segment, from: number, most: number): Promise<Buffer> {
  const wanted = Math.min(most, bytes - from);
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
