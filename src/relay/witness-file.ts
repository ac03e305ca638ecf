// The last entry of the audit chain that a relay has seen, on disk beside its snapshot, so that a restart forgets nothing.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { LatestWrite } from './latest-write.ts';
import type { Witness } from './source.ts';

const FORMAT = /^halyard-witness 1 (\d{1,15}) ([0-9a-f]{64})\n$/;

export class WitnessFile {
  readonly #path: string;
  /** What the file holds. */
  #text = '';
  readonly #writes = new LatestWrite<string>((text) => this.#write(text));

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined where there is none, and where it is damaged: then the snapshot's own entry is what is known. */
  async load(): Promise<Witness | undefined> {
    this.#text = await readFile(this.#path, 'utf8').catch(() => '');
    const [, entry, hash] = FORMAT.exec(this.#text) ?? [];
    return entry === undefined || hash === undefined ? undefined : { entry: Number(entry), hash };
  }

  /** Undefined where the file says so already. Rejects where the disk refuses. */
  save({ entry, hash }: Witness): Promise<void> | undefined {
    const text = `halyard-witness 1 ${entry} ${hash}\n`;
    return text === this.#text && this.#writes.isIdle ? undefined : this.#writes.save(text);
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
      this.#text = text;
    } finally {
      await rm(draft, { force: true });
    }
  }
}
