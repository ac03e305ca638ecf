// What this version knows of the bodies in a snapshot. A member beyond that comes from a newer version, and is refused:
// whoever passed over a `ramp` would serve everyone.
import type {
  AndCondition,
  Arm,
  AttributeCondition,
  AttributeDeclaration,
  ExperimentOutcome,
  NotCondition,
  OrCondition,
  RampStep,
  Requirement,
  Rollout,
  RolloutOutcome,
  Rule,
  SegmentCondition,
  ServeOutcome,
  Slot,
  WeightedVariation,
} from '../model/definitions.gen.ts';
import type { ExperimentBody, FlagBody, ProjectBody, SegmentBody } from '../model/snapshot.ts';

interface Shapes {
  project: ProjectBody;
  'attribute declaration': AttributeDeclaration;
  flag: FlagBody;
  override: NonNullable<FlagBody['override']>;
  requirement: Requirement;
  rule: Rule;
  'serve outcome': ServeOutcome;
  'ramp step': RampStep;
  'rollout outcome': RolloutOutcome;
  rollout: Rollout;
  'rollout share': WeightedVariation;
  'experiment outcome': ExperimentOutcome;
  'attribute condition': AttributeCondition;
  'segment condition': SegmentCondition;
  'and condition': AndCondition;
  'or condition': OrCondition;
  'not condition': NotCondition;
  segment: SegmentBody;
  experiment: ExperimentBody;
  arm: Arm;
  slot: Slot;
}

/** The compiler holds this table to the types: a member that is missing here, or is there no longer, does not compile. */
const TABLE: { [Shape in keyof Shapes]: { [Member in keyof Shapes[Shape]]-?: true } } = {
  project: { salt: true, attributes: true },
  'attribute declaration': { type: true, values: true, list: true, personal: true, description: true },
  flag: {
    type: true,
    description: true,
    owner: true,
    expires: true,
    variations: true,
    off: true,
    unit: true,
    requires: true,
    enabled: true,
    targets: true,
    rules: true,
    fallthrough: true,
    override: true,
  },
  override: { serve: true, until: true },
  requirement: { flag: true, variation: true },
  rule: { name: true, if: true, from: true, until: true, then: true },
  'serve outcome': { serve: true, percent: true, ramp: true, linear: true },
  'ramp step': { at: true, percent: true },
  'rollout outcome': { rollout: true },
  rollout: { variations: true },
  'rollout share': { key: true, weight: true },
  'experiment outcome': { experiment: true },
  'attribute condition': { attribute: true, operator: true, value: true, ignore_case: true },
  'segment condition': { segment: true },
  'and condition': { and: true },
  'or condition': { or: true },
  'not condition': { not: true },
  segment: { if: true, unit: true, include: true, exclude: true },
  experiment: {
    flag: true,
    status: true,
    traffic: true,
    layer: true,
    slot: true,
    arms: true,
    unit: true,
    exposures: true,
  },
  arm: { variation: true, weight: true },
  slot: { from: true, to: true },
};

const KNOWN = new Map(
  Object.entries(TABLE).map(([shape, members]) => [shape, new Set(Object.keys(members))]),
);

/** Throws an error that says which member this version does not know. */
export function refuseUnknown(shape: keyof Shapes, value: object): void {
  const known = KNOWN.get(shape) as ReadonlySet<string>;
  for (const member in value)
    if (!known.has(member)) throw tooOld(`the member \`${member}\` of its ${shape}`);
}

/** `what` was written by a newer version than this one. */
export function tooOld(what: string): Error {
  return new Error(`this relay is older than what wrote it and does not know ${what}. Upgrade the relay`);
}

/** What no flag looks at when it is compiled. */
export function refuseUnknownOfProject(body: ProjectBody): void {
  refuseUnknown('project', body);
  for (const declaration of Object.values(body.attributes ?? {}))
    refuseUnknown('attribute declaration', declaration);
}

/** Whether it runs or not. */
export function refuseUnknownOfExperiment(body: ExperimentBody): void {
  refuseUnknown('experiment', body);
  if (body.slot) refuseUnknown('slot', body.slot);
  for (const arm of body.arms) refuseUnknown('arm', arm);
}
