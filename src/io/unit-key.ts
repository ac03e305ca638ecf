// Reads the project's secret for the pseudonyms of personal units.
import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../lib/errors.ts';

/** As many as HMAC-SHA-256 has (RFC 2104 §3): with fewer, units could be found by trying. */
const LEAST_BYTES = 32;

/**
 * The secret of `--unit-key-file`: all bytes of the file but line ends after the last one, which editors add.
 * Throws a UsageError where it cannot be read or is shorter than 32 bytes.
 */
export async function readUnitKey(path: string): Promise<KeyObject> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--unit-key-file ${path} cannot be read (${error.code}).`, { cause: error });
  });
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  if (end < LEAST_BYTES) {
    throw new UsageError(
      `--unit-key-file ${path} holds ${end} bytes, and a secret has at least ${LEAST_BYTES}. ` +
        `Make one: openssl rand -base64 48 > ${path}`,
    );
  }
  return createSecretKey(bytes.subarray(0, end));
}
