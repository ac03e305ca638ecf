// Percentages as exact decimals.
import { BUCKETS } from '../engine/bucket.ts';

/** The volume of so many dimensions in percent: `0.125`. Denominators are powers of 10000, so every decimal ends. */
export function exactPercent(volume: bigint, dimensions: number): string {
  const decimals = 4 * dimensions;
  const scale = 10n ** BigInt(decimals);
  const scaled = volume * 100n;
  const fraction = (scaled % scale).toString().padStart(decimals, '0').replace(/0+$/, '');
  return fraction === '' ? `${scaled / scale}` : `${scaled / scale}.${fraction}`;
}

/** A part of a whole in percent, rounded down to hundredths. */
export function roundedPercent(part: number, whole: number): string {
  return exactPercent(BigInt(Math.floor((part * BUCKETS) / whole)), 1);
}
