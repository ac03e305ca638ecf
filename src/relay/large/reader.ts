// Has large bodies read in a thread of its own: to read one cannot be interrupted, and all that it leaves behind must be collected.
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { attributesReadInSteps } from '../../engine/attributes.ts';
import type { Logger } from '../../io/log.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { inSlices } from '../slices.ts';
import type { Form, FromThread, ToThread } from './messages.ts';

/** Without large bodies for so long, the thread is let go. */
const IDLE_MS = 60_000;
/** What a body of a quarter of a megabyte needs, many times over. */
const MOST_HEAP_MB = 64;

/** How many flags a call may ask for that there are not: what is answered for one is made for that call alone. */
export const MOST_UNKNOWN_FLAGS = 1_000;

export interface Unread {
  form: Form;
  /** The body as it came. Handed over: whoever asks must not look at them any more. */
  parts: readonly Uint8Array[];
  /** Only attributes that it reads are in the context that comes back. */
  snapshot: Snapshot | undefined;
}

/** Called with what was read; undefined where the thread failed. */
type Hear = (answer: FromThread | undefined) => void;

/** Reads one body at a time. The thread is started for the first one. */
export class ReaderThread {
  readonly #log: Logger;
  #thread: Worker | undefined;
  #hear: Hear | undefined;
  /** By whose attributes the thread reads. */
  #snapshot: Snapshot | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  get isBusy(): boolean {
    return this.#hear !== undefined;
  }

  /** Must not be called while it is busy. */
  read(body: Unread, hear: Hear): void {
    this.#hear = hear;
    clearTimeout(this.#idle);
    this.#thread ??= this.#start();
    const thread = this.#thread;
    this.#send(body, thread).catch((error) => {
      this.#failed(error);
      void thread.terminate();
    });
  }

  async #send({ form, parts, snapshot }: Unread, thread: Worker): Promise<void> {
    const tell = (message: ToThread, handedOver: ArrayBuffer[] = []) =>
      thread.postMessage(message, handedOver);
    if (snapshot !== this.#snapshot) {
      const wanted = await wantedBy(snapshot);
      // It failed meanwhile, and that has been told.
      if (this.#thread !== thread) return;
      this.#snapshot = snapshot;
      tell({ type: 'wanted', ...wanted });
    }
    const own = parts.map(ownBytes);
    const memory = own.map(({ buffer }) => buffer);
    tell({ type: 'body', form, parts: own }, memory);
  }

  #start(): Worker {
    // The file beside this one: as it was written, or as it was built.
    const file = new URL(`reader-thread${extname(import.meta.filename)}`, import.meta.url);
    const thread = new Worker(file, {
      name: 'large-bodies',
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    thread.on('message', (answer: FromThread) => this.#answer(answer));
    thread.on('error', (error) => this.#failed(error));
    thread.on('exit', () => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#snapshot = undefined;
      this.#answer(undefined);
    });
    thread.unref();
    return thread;
  }

  #failed(error: unknown): void {
    this.#log.error({ error }, 'the thread that reads large bodies failed');
  }

  #answer(answer: FromThread | undefined): void {
    const hear = this.#hear;
    this.#hear = undefined;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(this.#letGo, IDLE_MS).unref();
    hear?.(answer);
  }

  readonly #letGo = (): void => {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#snapshot = undefined;
    void thread?.terminate();
  };
}

/** Where a call asks for more than there are and may be unknown, too many are unknown. */
async function wantedBy(
  snapshot: Snapshot | undefined,
): Promise<{ attributes: string[]; mostFlags: number }> {
  if (!snapshot) return { attributes: [], mostFlags: Number.POSITIVE_INFINITY };
  const known = snapshot.definitions.filter(({ kind }) => kind === 'flag').length;
  const attributes = await inSlices(attributesReadInSteps(snapshot));
  return { attributes, mostFlags: known + MOST_UNKNOWN_FLAGS };
}

/** Bytes whose memory holds nothing else, so that it can be handed over. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const isOwn = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return isOwn ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}
