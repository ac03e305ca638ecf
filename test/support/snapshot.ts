// Small snapshots for tests of the engine, written as bodies by kind and key.
import type { Condition } from '../../src/model/definitions.gen.ts';
import {
  type BodyByKind,
  bodyDigest,
  type EnvironmentDefinition,
  type ExperimentBody,
  type FlagBody,
  type SegmentBody,
  type Snapshot,
  snapshotDigest,
} from '../../src/model/snapshot.ts';

export interface Bodies {
  salt?: string;
  flags?: { [key: string]: Partial<FlagBody> };
  segments?: { [key: string]: Partial<SegmentBody> };
  experiments?: { [key: string]: Partial<ExperimentBody> };
}

/** A boolean flag that serves `on` to everyone, unless `body` says otherwise. */
export function flagBody(body: Partial<FlagBody> = {}): FlagBody {
  return {
    type: 'boolean',
    variations: { on: true, off: false },
    off: 'off',
    unit: 'targetingKey',
    enabled: true,
    fallthrough: { serve: 'on' },
    ...body,
  };
}

/** What is left out of a body is filled in: see `flagBody`; segments compare `targetingKey`; experiments run for everyone. */
export function snapshotOfBodies({
  salt = 'c07d2e',
  flags = {},
  segments = {},
  experiments = {},
}: Bodies): Snapshot {
  const definitions: EnvironmentDefinition[] = [
    definition('project', 'acme/shop', { salt }),
    ...Object.entries(flags).map(([key, body]) => definition('flag', key, flagBody(body))),
    ...Object.entries(segments).map(([key, body]) =>
      definition('segment', key, { unit: 'targetingKey', ...body }),
    ),
    ...Object.entries(experiments).map(([key, body]) => definition('experiment', key, experimentBody(body))),
  ];
  const digest = snapshotDigest(definitions);
  return { project: 'acme/shop', environment: 'prod', revision: 7, commit: 'c0ffee', digest, definitions };
}

/** One flag, named `flag`, that is on where the condition holds. */
export function snapshotOfCondition(condition: Condition, segments: Bodies['segments'] = {}): Snapshot {
  const rules = [{ if: condition, then: { serve: 'on' } }];
  return snapshotOfBodies({ flags: { flag: { rules, fallthrough: { serve: 'off' } } }, segments });
}

function experimentBody(body: Partial<ExperimentBody>): ExperimentBody {
  const place = body.layer === undefined ? { traffic: 100 } : {};
  const arms = [
    { variation: 'off', weight: 50 },
    { variation: 'on', weight: 50 },
  ];
  return {
    flag: 'flag',
    status: 'running',
    unit: 'targetingKey',
    exposures: 'first',
    arms,
    ...place,
    ...body,
  };
}

function definition<Kind extends keyof BodyByKind>(
  kind: Kind,
  key: string,
  body: BodyByKind[Kind],
): EnvironmentDefinition {
  return { kind, key, body, digest: bodyDigest(body), revision: 7 } as EnvironmentDefinition;
}
