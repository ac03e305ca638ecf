// Rounds of killing: each victim in turn, at moments that a seed decides.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Killing } from './killing.ts';

const LONGEST_MS = 700;

/** Starts the load, and kills one victim a round. */
export async function killRounds(
  killing: Killing,
  rounds: number,
  seed: number,
  onRound: (round: number, victim: string) => void = () => {},
): Promise<void> {
  const random = randomFrom(seed);
  killing.load();
  for (let round = 1; round <= rounds; round++) {
    await sleep(100 + random() * LONGEST_MS);
    const victim = killing.victims[(round - 1) % killing.victims.length];
    if (victim === undefined) throw new Error('there is nobody to kill');
    onRound(round, victim);
    await killing.kill(victim);
  }
}

/** mulberry32: numbers in [0, 1) that a seed decides. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
