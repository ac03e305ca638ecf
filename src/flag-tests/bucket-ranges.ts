// The ranges of a case's `buckets`: `0-999` or `42`, both ends included.
import type { Finding, Path } from '../definitions/finding.ts';
import { BUCKETS } from '../engine/bucket.ts';
import { ticked } from '../lib/printable.ts';

export interface BucketRange {
  from: number;
  /** Included. */
  to: number;
  /** How it is written. */
  key: string;
}

/** The ranges in ascending order; those that are none, or share a bucket with another, are findings. */
export function bucketRanges(
  keys: readonly string[],
  path: Path,
): { ranges: BucketRange[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const ranges = keys.flatMap((key) => {
    const range = parseRange(key);
    if (range) return [range];
    const message = `${ticked(key)} is no range of buckets.`;
    const hint =
      'Expected: a number from 0 to 9999, or two with a dash between, the smaller one first, such as 0-999.';
    findings.push({ code: 'invalid-bucket-range', path: [...path, key], on: 'key', message, hint });
    return [];
  });
  ranges.sort((a, b) => a.from - b.from || a.to - b.to);
  let farthest: BucketRange | undefined;
  for (const range of ranges) {
    if (farthest && range.from <= farthest.to) findings.push(overlap(range, farthest, path));
    if (!farthest || range.to > farthest.to) farthest = range;
  }
  return { ranges, findings };
}

function parseRange(key: string): BucketRange | undefined {
  const [, first, last = first] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(key) ?? [];
  if (first === undefined) return undefined;
  const [from, to] = [Number(first), Number(last)];
  return from <= to && to < BUCKETS ? { from, to, key } : undefined;
}

function overlap(range: BucketRange, before: BucketRange, path: Path): Finding {
  return {
    code: 'bucket-ranges-overlap',
    path: [...path, range.key],
    on: 'key',
    message: `${ticked(range.key)} shares buckets with ${ticked(before.key)}: both ends belong to a range.`,
    hint: before.to < BUCKETS - 1 ? `Begin at ${before.to + 1} or later.` : 'Keep one of the two.',
  };
}
