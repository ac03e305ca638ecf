// The spool: events that wait on disk. They are written in groups, so that one fsync serves all who came meanwhile.
import { setImmediate as turn } from 'node:timers/promises';
import { backoffMs } from '../../lib/backoff.ts';
import type { EventFault } from '../events.ts';
import type { Backlog, Batch, EventKind, Surroundings } from './backlog.ts';
import { DiskFault } from './disk-fault.ts';
import { type Group, Groups } from './groups.ts';
import { frameOf } from './segment.ts';
import { OwnFolder, type SegmentFile } from './spool-folder.ts';
import { SpoolReader } from './spool-reader.ts';
import { SpoolWriter } from './spool-writer.ts';

/** What a disk that is slow has still to write. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;
/** A file that is delivered is done with from this on. */
const LEAST_SEGMENT_BYTES = 64 * 1024;
/** Nobody waits for an exposure to be on the disk. */
const SOON_MS = 100;
const ADOPT_MS = 10_000;
const LONGEST_PAUSE_MS = 10_000;
/** A disk that is nearly full takes something small now and then. */
const SETTLED_MS = 5_000;

export class Spool implements Backlog {
  readonly #path: string;
  readonly #mostBytes: number;
  readonly #around: Surroundings;
  readonly #reader: SpoolReader;
  readonly #groups = new Groups();
  #folder: OwnFolder | undefined;
  #writer: SpoolWriter | undefined;
  #working: Promise<void> | undefined;
  #soon: NodeJS.Timeout | undefined;
  readonly #adopting: NodeJS.Timeout;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  /** Since when the disk is used again after a failure. */
  #triedAtMs = 0;
  #isAdopting = true;
  readonly #writing: DiskFault;
  readonly #reading: DiskFault;

  /** Opens the folder in the background; what is added meanwhile waits. */
  constructor(path: string, mostBytes: number, around: Surroundings) {
    this.#path = path;
    this.#mostBytes = mostBytes;
    this.#around = around;
    this.#writing = new DiskFault(`the spool ${path} cannot be used`, around);
    this.#reading = new DiskFault(`the spool ${path} cannot be read`, around);
    this.#reader = new SpoolReader((events, file) => {
      around.log.error({ file, events }, 'a file of the spool is damaged, and events are lost');
      around.onLoss('damaged', events);
    });
    this.#adopting = setInterval(() => {
      this.#isAdopting = true;
      this.#work();
    }, ADOPT_MS).unref();
    this.#work();
  }

  get fault(): EventFault | undefined {
    return this.#writing.current ?? this.#reading.current;
  }

  get bufferBytes(): number {
    return this.#groups.bytes;
  }

  get spoolBytes(): number {
    return this.#reader.bytes;
  }

  get oldestAtMs(): number | undefined {
    return this.#reader.oldestAtMs ?? this.#groups.first?.atMs;
  }

  add(kind: EventKind, text: string, count: number, nowMs: number): 'full' | 'disk' | undefined {
    if (this.#retry) return 'disk';
    const bytes = Buffer.byteLength(text);
    const waiting = this.#groups.bytes + bytes;
    if (waiting > MOST_WAITING_BYTES || this.#reader.bytes + waiting > this.#mostBytes) return 'full';
    this.#groups.add(kind, text, bytes, count, nowMs);
    this.#soon ??= setTimeout(() => this.#work(), SOON_MS);
    return undefined;
  }

  async kept(): Promise<boolean> {
    this.#work();
    return this.#groups.last?.kept.promise ?? true;
  }

  async next(mostEvents: number, mostBytes: number): Promise<Batch | undefined> {
    try {
      const batch = await this.#reader.next(mostEvents, mostBytes);
      this.#reading.ended();
      return batch;
    } catch (error) {
      this.#reading.began(error);
      return undefined;
    }
  }

  async delivered(): Promise<void> {
    this.#reader.delivered();
    if (this.#reader.isDrained) this.#work();
  }

  async close(): Promise<number> {
    clearInterval(this.#adopting);
    this.#work();
    while (this.#working) await this.#working;
    clearTimeout(this.#retry);
    clearTimeout(this.#soon);
    await this.#writer?.finish().catch(() => undefined);
    // Removes what is delivered.
    if (this.#reader.isDrained) await this.next(1, 1);
    await this.#folder?.release().catch(() => undefined);
    return 0;
  }

  #work(): void {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    if (this.#retry) return;
    this.#working ??= this.#workOff()
      .catch((error) => this.#failed(error))
      .finally(() => {
        this.#working = undefined;
        // What came since the last look.
        if (this.#groups.first) this.#work();
      });
  }

  async #workOff(): Promise<void> {
    // Who comes in the same turn of the event loop is in the same group.
    await turn();
    this.#folder ??= await this.#take();
    this.#writer ??= new SpoolWriter(this.#folder, this.#mostBytes);
    if (this.#isAdopting) await this.#adopt(this.#folder, this.#writer);
    if (this.#writing.current) await this.#writer.begin();
    for (let { first } = this.#groups; first; { first } = this.#groups)
      await this.#write(this.#writer, first);
    if (this.#reader.isDrained && (this.#writer.active?.bytes ?? 0) > LEAST_SEGMENT_BYTES) {
      await this.#writer.finish();
      // For the file to be removed.
      this.#around.onArrival();
    }
    if (performance.now() - this.#triedAtMs < SETTLED_MS) return;
    this.#failures = 0;
    this.#writing.ended();
  }

  async #take(): Promise<OwnFolder> {
    const folder = await OwnFolder.take(this.#path);
    for (const file of await folder.segments()) this.#reader.addLeft(file);
    return folder;
  }

  /** Takes over what dead processes left. The file that is being written is the last one, so it is ended before. */
  async #adopt(folder: OwnFolder, writer: SpoolWriter): Promise<void> {
    this.#isAdopting = false;
    const adopted: SegmentFile[] = [];
    // What cannot be taken over now is looked at again; this process's own folder is another matter.
    const onFault = (error: unknown) =>
      this.#around.log.warn({ error }, 'what another process left is not taken over');
    await folder.adopt((file) => adopted.push(file), onFault).catch(onFault);
    if (adopted.length > 0) await writer.finish();
    for (const file of adopted) this.#reader.addLeft(file);
    if (this.#reader.bytes > 0) this.#around.onArrival();
  }

  async #write(writer: SpoolWriter, group: Group): Promise<void> {
    const { texts, count, exposures, atMs } = group;
    group.isClosed = true;
    const segment = await writer.append(frameOf({ lines: Buffer.from(texts.join('')), count, atMs }));
    this.#reader.add(segment, atMs);
    this.#groups.written();
    const { onKept, onArrival } = this.#around;
    onKept('exposure', exposures);
    onKept('track', count - exposures);
    onArrival();
  }

  /** What waits is lost, since nobody knows for how long the disk refuses; who comes meanwhile is told so. */
  #failed(error: unknown): void {
    this.#writing.began(error);
    const lost = this.#groups.lose();
    if (lost > 0) this.#around.onLoss('disk', lost);
    const pauseMs = backoffMs(++this.#failures, Math.random(), { capMs: LONGEST_PAUSE_MS });
    this.#retry = setTimeout(() => this.#tryAgain(), pauseMs).unref();
  }

  #tryAgain(): void {
    this.#retry = undefined;
    this.#triedAtMs = performance.now();
    this.#work();
  }
}
