// Experiments as a case fixes them: which buckets stand for an arm, and arms that nothing can stand for.
import type { Finding, Path } from '../definitions/finding.ts';
import { BUCKETS, shareOf } from '../engine/bucket.ts';
import { ticked } from '../lib/printable.ts';
import type { ExperimentDefinition } from '../model/definitions.gen.ts';
import { NO_ARM } from './flag-case.ts';
import type { TestWorld } from './world.ts';

/** Experiments by key, each with its arm or `none`. */
export type FixedArms = readonly (readonly [key: string, arm: string])[];

export function armsOf({ arms }: ExperimentDefinition): string[] {
  return arms.map(({ variation }) => variation);
}

/**
 * The buckets that give each experiment its arm, by what they are for. Whoever has an arm is out of all other
 * experiments of the layer, as no unit is in two of them.
 */
export function fixedBucketsOf(fixed: FixedArms, experiments: TestWorld['experiments']): [string, number][] {
  const buckets = new Map<string, number>();
  for (const [key, arm] of fixed) {
    const experiment = experiments.get(key);
    if (!experiment || arm === NO_ARM) continue;
    for (const other of experimentsOf(experiment.layer, experiments))
      buckets.set(`${other}:traffic`, BUCKETS);
  }
  for (const [key, arm] of fixed) {
    const experiment = experiments.get(key);
    const isOut = !experiment || arm === NO_ARM;
    buckets.set(`${key}:traffic`, isOut ? BUCKETS : (firstIncluded(experiment) ?? BUCKETS));
    if (!isOut) buckets.set(`${key}:arms`, firstOfArm(experiment, arm) ?? BUCKETS);
  }
  return [...buckets];
}

/** What is wrong with the arms that a case fixes. `path` is that of `experiments`; the experiments exist. */
export function armFindings(fixed: FixedArms, path: Path, world: TestWorld): Finding[] {
  const takenBy = new Map<string, string>();
  return fixed.flatMap(([key, arm]): Finding[] => {
    const experiment = world.experiments.get(key);
    const at = { path: [...path, key] };
    const fault = experiment && armFault(key, experiment, arm);
    if (fault) return [{ ...fault, ...at }];
    if (!experiment || experiment.layer === undefined || arm === NO_ARM) return [];
    const other = takenBy.get(experiment.layer);
    takenBy.set(experiment.layer, key);
    if (other === undefined) return [];
    const message = `${ticked(key)} and ${ticked(other)} share the layer ${ticked(experiment.layer)}: nobody has an arm of both.`;
    return [{ ...at, code: 'arm-not-fixable', message, hint: 'Keep one of the two.' }];
  });
}

function armFault(
  key: string,
  experiment: ExperimentDefinition,
  arm: string,
): Omit<Finding, 'path'> | undefined {
  const arms = armsOf(experiment);
  const fault = (message: string, hint: string) => ({ code: 'arm-not-fixable' as const, message, hint });
  if (arm === NO_ARM) {
    if (!arms.includes(NO_ARM)) return undefined;
    const message = `\`none\` keeps the subject out, but the experiment ${ticked(key)} has an arm of this name too.`;
    return fault(message, 'Give the variation another name.');
  }
  if (!arms.includes(arm)) {
    const message = `The experiment ${ticked(key)} has no arm ${ticked(arm)}.`;
    const known = arms.map(ticked).join(', ');
    return { code: 'unknown-arm', message, hint: `Its arms are: ${known}; \`none\` keeps the subject out.` };
  }
  if (firstOfArm(experiment, arm) === undefined)
    return fault(`The arm ${ticked(arm)} of ${ticked(key)} weighs 0.`, 'Give it a weight, or another arm.');
  if (firstIncluded(experiment) === undefined)
    return fault(`No unit is in ${ticked(key)}: its share is 0.`, 'Write `none`, or give it a share.');
  return undefined;
}

function experimentsOf(layer: string | undefined, experiments: TestWorld['experiments']): string[] {
  if (layer === undefined) return [];
  return Array.from(experiments).flatMap(([key, body]) => (body.layer === layer ? [key] : []));
}

/** A bucket whose units are in the experiment. */
function firstIncluded({ slot, traffic = 100 }: ExperimentDefinition): number | undefined {
  const [from, to] = slot ? [shareOf(slot.from), shareOf(slot.to)] : [0, shareOf(traffic)];
  return from < to ? from : undefined;
}

/** A bucket whose units get the arm. */
function firstOfArm({ arms }: ExperimentDefinition, arm: string): number | undefined {
  let from = 0;
  for (const { variation, weight } of arms) {
    if (variation === arm && shareOf(weight) > 0) return from;
    from += shareOf(weight);
  }
  return undefined;
}
