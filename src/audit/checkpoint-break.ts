// Compares a chain with its checkpoints: each must find its very entry, with its very hash. Pure.
import { type Break, broken } from './break.ts';
import type { VerifiedCheckpoint } from './checkpoint.ts';

/**
 * The first entry that is not as a checkpoint has it, or undefined.
 * @param hashes the hash of each entry of a chain that is whole in itself, entry 1 first
 * @param checkpoints those of its project
 */
export function checkpointBreak(
  hashes: readonly string[],
  checkpoints: readonly VerifiedCheckpoint[],
): Break | undefined {
  let held = 0;
  for (const checkpoint of checkpoints.toSorted((a, b) => a.entry - b.entry)) {
    const { entry } = checkpoint;
    const hash = hashes[entry - 1];
    if (hash === checkpoint.hash) held = entry;
    else return hash === undefined ? cut(checkpoint, hashes.length) : rewritten(checkpoint, hash, held);
  }
  return undefined;
}

/** Where the chain of a project is gone, with its first checkpoint. */
export function missingChain(checkpoint: VerifiedCheckpoint): Break {
  return cut(checkpoint, 0);
}

function cut(checkpoint: VerifiedCheckpoint, last: number): Break {
  const end = last === 0 ? 'there is no chain' : `the chain ends with entry ${last}`;
  return broken(
    'truncated',
    `${end}, though ${named(checkpoint)}, has its entry ${checkpoint.entry}`,
    last + 1,
  );
}

function rewritten(checkpoint: VerifiedCheckpoint, hash: string, held: number): Break {
  const { entry } = checkpoint;
  const since = held > 0 ? `. Up to entry ${held} the chain is as checkpoints have it` : '';
  return broken(
    'altered',
    `entry ${entry} is not the one of ${named(checkpoint)}: its hash is ${hash}, there ${checkpoint.hash}. ` +
      `The chain was rewritten or forked at that entry or before it${since}`,
    entry,
  );
}

function named({ time, fingerprint }: VerifiedCheckpoint): string {
  return `the checkpoint of ${time}, signed by ${fingerprint}`;
}
