// Unpacks what came compressed. What is small on the wire may be huge, so its size is limited.
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';

/** The other side sends more than is read. */
export class TooLargeError extends Error {
  override name = 'TooLargeError';

  constructor(mostBytes: number) {
    super(`the answer is larger than ${mostBytes} bytes`);
  }
}

const UNPACKERS: { [encoding: string]: typeof gunzip.__promisify__ } = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
};

/** @param encoding of the header content-encoding; what is of none that is known comes back as it is. Throws TooLargeError. */
export async function unpacked(
  body: Buffer,
  encoding: string | undefined,
  mostBytes: number,
): Promise<Buffer> {
  const unpack = encoding === undefined ? undefined : UNPACKERS[encoding.toLowerCase()];
  if (!unpack || body.length === 0) return body;
  try {
    return await unpack(body, { maxOutputLength: mostBytes });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? new TooLargeError(mostBytes)
      : error;
  }
}
