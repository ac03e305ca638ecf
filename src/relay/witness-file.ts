// The last entry of the audit chain that a relay has seen, on disk beside its snapshot, so that a restart forgets nothing.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { Witness } from './source.ts';

const FORMAT = /^halyard-witness 1 (\d{1,15}) ([0-9a-f]{64})\n$/;

/** Writes are one after the other; of several that wait, the newest is written. */
export class WitnessFile {
  readonly #path: string;
  #last = '';
  #waiting: string | undefined;
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where there is none, and where it is damaged: then the snapshot's own entry is what is known. */
  async load(): Promise<Witness | undefined> {
    this.#last = await readFile(this.#path, 'utf8').catch(() => '');
    const [, entry, hash] = FORMAT.exec(this.#last) ?? [];
    return entry === undefined || hash === undefined ? undefined : { entry: Number(entry), hash };
  }

  /** Rejects where the disk refuses. */
  save({ entry, hash }: Witness): Promise<void> {
    const text = `halyard-witness 1 ${entry} ${hash}\n`;
    if (text === this.#last && !this.#writing) return Promise.resolve();
    this.#waiting = text;
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting !== undefined) {
      const text = this.#waiting;
      this.#waiting = undefined;
      await this.#write(text);
      this.#last = text;
    }
  }

  async #write(text: string): Promise<void> {
    const draft = `${this.#path}.${randomBytes(6).toString('hex')}.draft`;
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, this.#path);
    } finally {
      await rm(draft, { force: true });
    }
  }
}
