// Buckets: the one formula that splits units, and the integers in which shares are counted.
import { hash } from 'node:crypto';
import { ShortSha256 } from './sha256.ts';

const MODULUS = 10_000;
/** Buckets are 0 … 9999: hundredths of a percent. (A name of its own, since an exported one is no constant to V8.) */
export const BUCKETS = MODULUS;

/**
 * SHA-256 of the UTF-8 bytes of salt + name + unit, read as one unsigned big-endian integer, modulo 10000 (evaluation.md, Bucket).
 * `name` says what the bucket is for: a flag's key, `<experiment>:arms`, `<experiment>:traffic` or `layer:<layer>`.
 */
export function bucketOf(salt: string, name: string, unit: string): number {
  return bucketing(salt, name)(unit);
}

/** The same for many units. */
export function bucketing(salt: string, name: string): (unit: string) => number {
  // Joined and not added, so that it is one flat text in memory: each hash reads it.
  const prefix = [salt, name].join('');
  const short = new ShortSha256(prefix);
  return (unit) => {
    // Long texts, and others than ASCII, are left to node:crypto.
    const words = short.digestOf(unit);
    return words ? restOfWords(words) : restOfBytes(hash('sha256', prefix + unit, 'binary'));
  };
}

/** What each word counts: 2^32 to the power of 7 … 0, modulo 10000. */
const WEIGHTS = new Float64Array(8).fill(1);
for (let i = 6; i >= 0; i--) WEIGHTS[i] = ((WEIGHTS[i + 1] as number) * 7296) % MODULUS;

/** The products are below 2^46 and their sum is below 2^49, so that numbers hold them exactly, and one division is enough. */
function restOfWords(words: Readonly<Int32Array>): number {
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += ((words[i] as number) >>> 0) * (WEIGHTS[i] as number);
  return sum - Math.floor(sum / MODULUS) * MODULUS;
}

/** Each character of a 'binary' digest is one byte; of the encodings it is the cheapest. */
function restOfBytes(digest: string): number {
  let rest = 0;
  for (let i = 0; i < 32; i += 2) {
    const half = (digest.charCodeAt(i) << 8) | digest.charCodeAt(i + 1);
    rest = ((rest * 0x10000 + half) | 0) % MODULUS;
  }
  return rest;
}

/** A percentage with at most two decimals as a whole number of buckets: 1.1 is 110, though 1.1 * 100 is not. */
export function shareOf(percent: number): number {
  return Math.round(percent * 100);
}
