// Shares that are laid out in another order: half-open ranges end to end, so that order decides who moves.
import type { OutcomeNode, Range } from '../../engine/outcome.ts';
import { ticked } from '../../lib/printable.ts';
import { type RulePair, rulePairs } from '../comparison.ts';
import { exactPercent } from '../percent.ts';
import type { Warning } from '../plan.ts';
import type { Surprising } from './surprising.ts';

/** Rollouts and arms that move more units than their weights ask for. */
export function reorderedArms({ compared }: Surprising): Warning[] {
  return compared.flatMap(({ comparison }) => {
    const { environment, flag } = comparison;
    // Another salt deals everyone anew, whatever the order is.
    if (comparison.before.side.salt !== comparison.after.side.salt) return [];
    return rulePairs(comparison).flatMap((pair): Warning[] => {
      const found = excess(pair);
      if (!found) return [];
      const [moved, least] = [found.moved, found.least].map((share) => exactPercent(BigInt(share), 1));
      const of = found.experiment === undefined ? '' : ` of those in ${ticked(found.experiment)}`;
      const message = `The shares of ${ticked(pair.name)} are in another order: ${moved}%${of} get another variation, where the new weights alone need ${least}%. Keep the order, and let those grow that lie side by side.`;
      const about =
        found.experiment === undefined
          ? { kind: 'flag', key: flag }
          : { kind: 'experiment', key: found.experiment };
      return [{ code: 'reordered-arms', ...about, environment, message }];
    });
  });
}

/** How many buckets move, and how many would have to. Undefined where that is the same, or the buckets are others. */
function excess({
  before,
  after,
}: RulePair): { moved: number; least: number; experiment?: string } | undefined {
  const [was, is] = [rangesOf(before.outcome), rangesOf(after.outcome)];
  if (!was || !is || was.bucket !== is.bucket) return undefined;
  const moved = 10_000 - kept(was.ranges, is.ranges);
  const [old, now] = [sums(was.ranges), sums(is.ranges)];
  let least = 0;
  for (const [variation, share] of now) least += Math.max(0, share - (old.get(variation) ?? 0));
  if (moved <= least) return undefined;
  return { moved, least, ...(is.experiment !== undefined && { experiment: is.experiment }) };
}

function rangesOf(
  outcome: OutcomeNode,
): { bucket: string; ranges: readonly Range[]; experiment?: string } | undefined {
  if (outcome.kind === 'split' && outcome.by === 'rollout')
    return { bucket: `${outcome.bucket.name} ${outcome.bucket.unit}`, ranges: outcome.ranges };
  if (outcome.kind !== 'experiment' || !outcome.running) return undefined;
  const { bucket, ranges } = outcome.running;
  return { bucket: `${bucket.name} ${bucket.unit}`, ranges, experiment: outcome.key };
}

/** Buckets of one variation on both sides. */
function kept(was: readonly Range[], is: readonly Range[]): number {
  let sum = 0;
  for (const a of was) {
    for (const b of is) {
      if (a.decision.variation !== b.decision.variation) continue;
      sum += Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
    }
  }
  return sum;
}

function sums(ranges: readonly Range[]): Map<string | undefined, number> {
  const found = new Map<string | undefined, number>();
  for (const { decision, from, to } of ranges)
    found.set(decision.variation, (found.get(decision.variation) ?? 0) + to - from);
  return found;
}
