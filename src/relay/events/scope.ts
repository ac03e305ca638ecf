// What a snapshot says about events: which flags can give an arm of a running experiment, and by which attributes units are known.
import type { Ruleset } from '../../engine/compile.ts';
import { experimentsOfFlag } from '../../engine/references.ts';
import { attributeReader, type Reader } from '../../engine/subject.ts';
import type { ExperimentBody, ProjectBody, Snapshot } from '../../model/snapshot.ts';
import type { Served } from '../snapshot-store.ts';
import { type ArmDigest, armDigest } from './offered.ts';

export interface UnitAttribute {
  readonly name: string;
  readonly read: Reader;
  /** Its values leave the relay only as pseudonyms. */
  readonly isPersonal: boolean;
}

/** An arm of a running experiment whose exposures are wanted. */
export interface Arm {
  /** What the memory of what was offered knows it by. */
  readonly digest: ArmDigest;
  /** The exposure's JSON up to the time. */
  readonly head: string;
  readonly unit: UnitAttribute;
  /** Each exposure is offered, instead of the first of an hour. */
  readonly isEach: boolean;
}

export interface Scope {
  readonly environment: string;
  /** Where those flags stand among all of the ruleset that can give an arm. */
  readonly positions: readonly number[];
  /** By experiment and variation. */
  readonly arms: ReadonlyMap<string, ReadonlyMap<string, Arm>>;
  /**
   * `targetingKey`, and what experiments of the environment split by. Also those that are drafts or have ended: what a unit
   * did before counts for CUPED, and what it does after may lie in a metric's window.
   */
  readonly units: readonly UnitAttribute[];
  isPersonal(attribute: string): boolean;
}

/** Reads off what matters for events; a millisecond for ten thousand flags. */
export function scopeOf({ snapshot, ruleset }: Pick<Served, 'snapshot' | 'ruleset'>): Scope {
  const isPersonal = personalBy(projectOf(snapshot)?.attributes ?? {});
  const units = new Map<string, UnitAttribute>();
  const unitOf = (name: string) => {
    const unit = units.get(name) ?? { name, read: attributeReader(name), isPersonal: isPersonal(name) };
    units.set(name, unit);
    return unit;
  };
  unitOf('targetingKey');
  const arms = new Map<string, ReadonlyMap<string, Arm>>();
  for (const row of snapshot.definitions) {
    if (row.kind !== 'experiment') continue;
    const unit = unitOf(row.body.unit);
    if (row.body.status === 'running' && row.body.exposures !== 'off')
      arms.set(row.key, armsOf(snapshot, row.key, row.body, unit));
  }
  return {
    environment: snapshot.environment,
    positions: arms.size === 0 ? [] : positionsOf(snapshot, ruleset, arms),
    arms,
    units: [...units.values()],
    isPersonal,
  };
}

function projectOf({ definitions }: Snapshot): ProjectBody | undefined {
  return definitions.find((row) => row.kind === 'project')?.body;
}

/** What stands within a personal attribute, `contact.email` in `contact`, is personal too. */
function personalBy(attributes: NonNullable<ProjectBody['attributes']>): (attribute: string) => boolean {
  const personal = Object.keys(attributes).filter((name) => attributes[name]?.personal);
  return (attribute) => personal.some((name) => attribute === name || attribute.startsWith(`${name}.`));
}

function armsOf(
  { environment, revision }: Snapshot,
  experiment: string,
  { arms, exposures }: ExperimentBody,
  unit: UnitAttribute,
): Map<string, Arm> {
  const isEach = exposures === 'all';
  return new Map(
    arms.map(({ variation: arm }) => {
      const said = { type: 'exposure', environment, experiment, arm, unitAttribute: unit.name, revision };
      const head = `${JSON.stringify(said).slice(0, -1)},"atMs":`;
      return [arm, { digest: armDigest(experiment, arm), head, unit, isEach }];
    }),
  );
}

function positionsOf(
  { definitions }: Snapshot,
  { flags }: Ruleset,
  running: ReadonlyMap<string, unknown>,
): number[] {
  const giving = new Set<string>();
  for (const row of definitions) {
    if (row.kind !== 'flag') continue;
    if (experimentsOfFlag(row.body).some((experiment) => running.has(experiment))) giving.add(row.key);
  }
  if (giving.size === 0) return [];
  const positions: number[] = [];
  let at = 0;
  for (const key of flags.keys()) {
    if (giving.has(key)) positions.push(at);
    at++;
  }
  return positions;
}
