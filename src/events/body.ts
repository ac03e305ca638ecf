// Reads a request's body, unpacked, within limits: of its own, and of what all requests together may hold.

import { pipeline, type Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';

export interface BodyLimits {
  /** As it comes. */
  mostBytes: number;
  /** When it is unpacked. */
  mostUnpackedBytes: number;
}

export type BodyFaultCode = 'too-large' | 'busy' | 'encoding' | 'broken';

export class BodyFault extends Error {
  override name = 'BodyFault';
  readonly code: BodyFaultCode;

  constructor(code: BodyFaultCode, options?: ErrorOptions) {
    super(`the body cannot be taken: ${code}`, options);
    this.code = code;
  }
}

/** How many bytes of bodies there are that are not answered. */
export class Room {
  readonly mostBytes: number;
  #bytes = 0;

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Room for one request, all of which is given back when it is disposed of. */
  enter(): Disposable & { take(bytes: number): boolean } {
    let taken = 0;
    return {
      take: (bytes) => {
        if (this.#bytes + bytes > this.mostBytes) return false;
        this.#bytes += bytes;
        taken += bytes;
        return true;
      },
      [Symbol.dispose]: () => {
        this.#bytes -= taken;
        taken = 0;
      },
    };
  }
}

/**
 * The whole body, unpacked as it comes, so that what unpacks to more than it may is never held.
 * @param encoding of the header content-encoding
 * @param take asked for each piece before it is kept; false: there is no room
 * Throws a BodyFault.
 */
export async function readBody(
  source: Readable,
  encoding: string | undefined,
  limits: BodyLimits,
  take: (bytes: number) => boolean,
): Promise<Buffer> {
  const unpack = unpacker(encoding);
  let arrived = 0;
  const counted = async function* () {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      arrived += chunk.length;
      if (arrived > limits.mostBytes) throw new BodyFault('too-large');
      yield chunk;
    }
  };
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of unpack ? gunzipped(counted(), unpack) : counted()) {
      sizeBytes += chunk.length;
      if (sizeBytes > limits.mostUnpackedBytes) throw new BodyFault('too-large');
      if (!take(chunk.length)) throw new BodyFault('busy');
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause instanceof BodyFault ? cause : new BodyFault('broken', { cause });
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

function unpacker(encoding = 'identity'): Gunzip | undefined {
  const name = encoding.trim().toLowerCase();
  if (name === 'identity') return undefined;
  if (name !== 'gzip' && name !== 'x-gzip') throw new BodyFault('encoding');
  return createGunzip();
}

/** Leaving the loop, or a fault of the source, ends the unpacker too. */
async function* gunzipped(source: AsyncIterable<Buffer>, gunzip: Gunzip): AsyncGenerator<Buffer> {
  pipeline(source, gunzip, () => {});
  yield* gunzip as AsyncIterable<Buffer>;
}
