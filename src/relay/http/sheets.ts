// The memory that long answers are written in, used again and again: fresh memory costs more than the writing.

/** What is shorter comes from Node's own pool. */
const SHEET_BYTES = 64 * 1024;
/** A longer answer has a sheet for itself, so that no room is kept for rare ones. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024;
/** How many sheets lie ready. More are under way only while clients are slow to read. */
const MOST_FREE = 4;

export class Sheets {
  readonly #free: ArrayBuffer[] = [];

  /**
   * Joins a head, parts that each begin with a comma, of which the first loses it, and a tail. Copying bytes costs a
   * fifth of what joining texts does.
   */
  join(head: string, parts: readonly Buffer[], tail: string): Buffer {
    const headBytes = Buffer.byteLength(head);
    let bytes = headBytes + Buffer.byteLength(tail);
    for (const part of parts) bytes += part.length;
    const sheet = this.#take(bytes);
    // The head is written last, with its end over the first comma.
    let end = parts.length > 0 ? headBytes - 1 : headBytes;
    for (const part of parts) {
      sheet.set(part, end);
      end += part.length;
    }
    sheet.write(head);
    end += sheet.write(tail, end);
    return sheet.subarray(0, end);
  }

  /** Whether a joined answer stands in memory that is wanted back. */
  wants({ length }: Buffer): boolean {
    return length >= SHEET_BYTES && length <= MOST_KEPT_BYTES;
  }

  /** The memory of a joined answer may be written over from now on. */
  giveBack({ buffer }: Buffer): void {
    if (this.#free.length < MOST_FREE) this.#free.push(buffer as ArrayBuffer);
  }

  #take(bytes: number): Buffer {
    if (bytes < SHEET_BYTES) return Buffer.allocUnsafe(bytes);
    const free = this.#free.pop();
    const fits = free !== undefined && free.byteLength >= bytes;
    return Buffer.from(fits ? free : new ArrayBuffer(Math.ceil(bytes / SHEET_BYTES) * SHEET_BYTES));
  }
}
