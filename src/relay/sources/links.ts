// What the audit chain holds for entries that relays behind this one ask for: a fleet asks at one instant, and the source is asked once.

/** Entries that may be asked for between two looks at the source. */
const MOST_LINKS = 100;

/** The hash of an entry; null = the chain has none, undefined = that cannot be told now. */
type Hash = string | null | undefined;

export class Links {
  readonly #known = new Map<number, Promise<Hash>>();

  /** @param read asks the source; where that fails, or too many entries were asked for, it cannot be told */
  async ask(entry: number, read: () => Promise<Hash>): Promise<Hash> {
    const known = this.#known.get(entry);
    if (known || this.#known.size >= MOST_LINKS) return known;
    const asked = read().catch(() => undefined);
    this.#known.set(entry, asked);
    return asked;
  }

  /** From now on the source is asked again. */
  clear(): void {
    this.#known.clear();
  }
}
