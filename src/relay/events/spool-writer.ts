// Appends frames to a spool's files, each through to the disk before it counts.
import { type FileHandle, open, rm } from 'node:fs/promises';
import { SEGMENT_HEAD } from './segment.ts';
import type { OwnFolder, SegmentFile } from './spool-folder.ts';

/** A file that may still grow, up to `bytes` of which is on the disk. */
export interface Segment extends Pick<SegmentFile, 'path' | 'bytes'> {
  isOpen: boolean;
}

/** Of one file; a longer frame has one for itself. */
const MOST_SEGMENT_BYTES = 8 * 1024 * 1024;

export class SpoolWriter {
  readonly #folder: OwnFolder;
  readonly #mostBytes: number;
  #active: { file: FileHandle; segment: Segment } | undefined;

  /** @param spoolBytes of all files; each is so small that what is delivered is removed in time */
  constructor(folder: OwnFolder, spoolBytes: number) {
    this.#folder = folder;
    this.#mostBytes = Math.min(MOST_SEGMENT_BYTES, Math.floor(spoolBytes / 8));
  }

  get active(): Segment | undefined {
    return this.#active?.segment;
  }

  /**
   * Resolves when the frame is on the disk, with the file that it is in. Rejects where the disk refuses: what stands
   * behind the last whole frame of that file counts for nothing then, and the next frame goes into another file.
   */
  async append(frame: Buffer): Promise<Segment> {
    const { segment: last } = this.#active ?? {};
    if (last && last.bytes + frame.length > this.#mostBytes) await this.finish();
    const active = await this.begin();
    const { file, segment } = active;
    try {
      await file.appendFile(frame);
      await file.datasync();
    } catch (error) {
      await this.#abandon(active);
      throw error;
    }
    segment.bytes += frame.length;
    return segment;
  }

  /** Nothing is appended to the file of now any more. */
  async finish(): Promise<void> {
    const active = this.#active;
    if (!active) return;
    this.#active = undefined;
    const { file, segment } = active;
    segment.isOpen = false;
    await file.close();
    if (segment.bytes === SEGMENT_HEAD.length) await rm(segment.path, { force: true });
  }

  /** Resolves with the file of now, which may be a new one. Rejects where the disk refuses. */
  async begin(): Promise<{ file: FileHandle; segment: Segment }> {
    if (this.#active) return this.#active;
    const path = this.#folder.nextPath();
    const file = await open(path, 'wx', 0o600);
    try {
      await file.appendFile(SEGMENT_HEAD);
      await this.#folder.sync();
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
    this.#active = { file, segment: { path, bytes: SEGMENT_HEAD.length, isOpen: true } };
    return this.#active;
  }

  /** After a write that failed, what is on the disk is unknown (fsync(2)), so the file is not written to again. */
  async #abandon({ file, segment }: { file: FileHandle; segment: Segment }): Promise<void> {
    this.#active = undefined;
    segment.isOpen = false;
    await file.truncate(segment.bytes).catch(() => undefined);
    await file.close().catch(() => undefined);
    if (segment.bytes === SEGMENT_HEAD.length) await rm(segment.path, { force: true }).catch(() => undefined);
  }
}
