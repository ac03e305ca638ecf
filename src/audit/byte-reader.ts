// Reads the numbers and length-prefixed strings of SSH's formats (RFC 4251 §5) from bytes that may be anything. Pure.

/** The bytes end before what they promise. */
export class TooShortError extends Error {
  override name = 'TooShortError';
}

export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Throws TooShortError, as all others do. */
  take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new TooShortError('too few bytes');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** uint32. */
  number(): number {
    return this.take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.take(this.number());
  }

  text(): string {
    return this.string().toString('latin1');
  }
}
