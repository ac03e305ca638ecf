// Buckets: the one formula that splits units, and the integers in which shares are counted.
import { hash } from 'node:crypto';

/** Buckets are 0 … 9999: hundredths of a percent. */
export const BUCKETS = 10_000;

/**
 * SHA-256 of the UTF-8 bytes of salt + name + unit, read as one unsigned big-endian integer, modulo 10000 (evaluation.md, Bucket).
 * `name` says what the bucket is for: a flag's key, `<experiment>:arms`, `<experiment>:traffic` or `layer:<layer>`.
 */
export function bucketOf(salt: string, name: string, unit: string): number {
  return bucketOfText(salt + name + unit);
}

/** The same for a text that has been put together already, so that salt and name are joined once. */
export function bucketOfText(text: string): number {
  // Each character of a 'binary' digest is one byte; of the encodings it is the cheapest.
  const digest = hash('sha256', text, 'binary');
  let rest = 0;
  for (let at = 0; at < 32; at += 4) {
    const word =
      digest.charCodeAt(at) * 0x1000000 +
      ((digest.charCodeAt(at + 1) << 16) | (digest.charCodeAt(at + 2) << 8) | digest.charCodeAt(at + 3));
    // 2^32 modulo 10000 is 7296.
    rest = (rest * 7296 + (word % BUCKETS)) % BUCKETS;
  }
  return rest;
}

/** A percentage with at most two decimals as a whole number of buckets: 1.1 is 110, though 1.1 * 100 is not. */
export function shareOf(percent: number): number {
  return Math.round(percent * 100);
}
