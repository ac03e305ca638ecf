// Which exposures were offered within the last hour: a memory of fixed size, which keeps digests and nobody's unit.
import { hash, randomInt } from 'node:crypto';

const HOUR_MS = 3_600_000;
/** Tells an experiment's arm from others. */
export interface ArmDigest {
  readonly low: number;
  readonly high: number;
}

export function armDigest(experiment: string, arm: string): ArmDigest {
  const digest = hash('sha256', `${experiment}\n${arm}`, 'buffer');
  return { low: digest.readInt32LE(0), high: digest.readInt32LE(4) };
}

/** Of one generation; there are two. */
const MOST_KEPT = 2 ** 17;
/** At most half are taken, so that a free one is near. */
const SLOTS = 2 * MOST_KEPT;

/** An open hash table of digests of 64 bits, each with the second in which it was put there: 3 MB. */
class Generation {
  readonly startedMs: number;
  size = 0;
  readonly #digests = new Uint32Array(2 * SLOTS);
  readonly #seconds = new Uint32Array(SLOTS);

  constructor(startedMs: number) {
    this.startedMs = startedMs;
  }

  /** The second at which a digest was put here; 0 = it was not. `high` is never 0. */
  find(low: number, high: number): number {
    for (let slot = low & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
      const found = this.#digests[2 * slot + 1];
      if (found === 0) return 0;
      if (found === high && this.#digests[2 * slot] === low) return this.#seconds[slot] as number;
    }
  }

  put(low: number, high: number, second: number): void {
    let slot = low & (SLOTS - 1);
    for (; this.#digests[2 * slot + 1] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
      if (this.#digests[2 * slot + 1] === high && this.#digests[2 * slot] === low) break;
    }
    if (this.#digests[2 * slot + 1] === 0) this.size++;
    this.#digests[2 * slot] = low;
    this.#digests[2 * slot + 1] = high;
    this.#seconds[slot] = second;
  }
}

/**
 * Two generations: the older one goes when the newer one is an hour old, or full. So an exposure is remembered for an
 * hour as long as no more than 131,072 others come meanwhile; beyond that it may be offered again, which changes nothing,
 * since the first one stands.
 */
export class Offered {
  /** Random, so that nobody can choose units that are taken for one another. */
  readonly #seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const;
  /** Memory is taken with the first exposure. */
  #newer: Generation | undefined;
  #older: Generation | undefined;
  #low = 0;
  #high = 0;

  /** Whether a unit's exposure to an arm was added less than an hour ago. */
  has(arm: ArmDigest, unit: string, nowMs: number): boolean {
    if (!this.#newer) return false;
    this.#digest(arm, unit);
    const found = this.#newer.find(this.#low, this.#high) || this.#older?.find(this.#low, this.#high);
    // After the clock was set back, it was added in the future.
    return found ? Math.abs(nowMs - found * 1000) < HOUR_MS : false;
  }

  add(arm: ArmDigest, unit: string, nowMs: number): void {
    const newer = this.#newer;
    if (!newer || newer.size >= MOST_KEPT || Math.abs(nowMs - newer.startedMs) >= HOUR_MS) {
      this.#older = newer;
      this.#newer = new Generation(nowMs);
    }
    this.#digest(arm, unit);
    this.#newer?.put(this.#low, this.#high, Math.floor(nowMs / 1000));
  }

  /** What was offered is lost, so all may be offered again. */
  clear(): void {
    this.#newer = undefined;
    this.#older = undefined;
  }

  /** Two mixes of 32 bits in the way of MurmurHash3 (Appleby, public domain): constants and final mix are its own. */
  #digest(arm: ArmDigest, unit: string): void {
    let low = this.#seeds[0] ^ arm.low;
    let high = this.#seeds[1] ^ arm.high;
    for (let at = 0; at < unit.length; at++) {
      const code = unit.charCodeAt(at);
      low = Math.imul(low ^ code, 0xcc9e2d51);
      low = (low << 13) | (low >>> 19);
      high = Math.imul(high ^ code, 0x1b873593);
      high = (high << 15) | (high >>> 17);
    }
    this.#low = mixed(low ^ high);
    this.#high = mixed(high + Math.imul(low, 5)) || 1;
  }
}

function mixed(bits: number): number {
  let mix = bits;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
