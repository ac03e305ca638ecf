// What a definition says that only other files can prove right: its references, attributes and sizes. Found once a version.
import type { Definition } from '../../model/definition.ts';
import type { Finding, Path } from '../finding.ts';
import { conditionsIn, outcomesOf, type PlacedCondition, type PlacedTest, testsAmong } from './walk.ts';

export type Referable = 'flag' | 'segment' | 'experiment' | 'metric' | 'environment';

export interface Reference {
  to: Referable;
  key: string;
  path: Path;
  on?: 'key';
  /** The environment in which a flag refers to a segment or an experiment. */
  environment?: string;
  /** The variation that a requirement names. */
  variation?: string;
}

export interface Facts {
  references: readonly Reference[];
  tests: readonly PlacedTest[];
  /** How many conditions a flag has in each environment; those of a segment are under the empty name. */
  conditionCounts: ReadonlyMap<string, number>;
}

export const NO_FACTS: Facts = { references: [], tests: [], conditionCounts: new Map() };

export interface Inspected {
  conditions: PlacedCondition[];
  facts: Facts;
}

/** All conditions of a definition, and what they and everything else refer to. */
export function inspect(definition: Definition): Inspected {
  const byEnvironment = conditionsOf(definition);
  const conditions = [...byEnvironment.values()].flat();
  const references = [...byEnvironment].flatMap(([environment, placed]) =>
    segmentReferences(placed, environment),
  );
  references.push(...otherReferences(definition));
  const conditionCounts = new Map(Array.from(byEnvironment, ([name, { length }]) => [name, length]));
  return {
    conditions,
    facts: {
      references,
      tests: testsAmong(conditions),
      conditionCounts,
    },
  };
}

function conditionsOf(definition: Definition): Map<string, PlacedCondition[]> {
  if (definition.kind === 'segment') return new Map([['', conditionsIn(definition.body.if, ['if'])]]);
  if (definition.kind !== 'flag') return new Map();
  const environments = Object.entries(definition.body.environments);
  return new Map(
    environments.map(([environment, { rules = [] }]) => [
      environment,
      rules.flatMap((rule, i) => conditionsIn(rule.if, ['environments', environment, 'rules', i, 'if'])),
    ]),
  );
}

function segmentReferences(conditions: readonly PlacedCondition[], environment: string): Reference[] {
  return conditions.flatMap(({ condition, path }): Reference[] => {
    if (!('segment' in condition)) return [];
    return [{ to: 'segment', key: condition.segment, path: [...path, 'segment'], environment }];
  });
}

function otherReferences(definition: Definition): Reference[] {
  if (definition.kind === 'flag') {
    const { environments, requires = [] } = definition.body;
    return [
      ...Object.keys(environments).map(environmentReference),
      ...requires.map(
        ({ flag, variation }, i): Reference => ({
          to: 'flag',
          key: flag,
          path: ['requires', i, 'flag'],
          variation,
        }),
      ),
      ...outcomesOf(definition.body).flatMap(({ outcome, path, environment }): Reference[] => {
        if (!('experiment' in outcome)) return [];
        return [{ to: 'experiment', key: outcome.experiment, path: [...path, 'experiment'], environment }];
      }),
    ];
  }
  if (definition.kind === 'access') {
    return definition.body.rules.flatMap(({ environments = [] }, i) =>
      environments.map(
        (key, j): Reference => ({ to: 'environment', key, path: ['rules', i, 'environments', j] }),
      ),
    );
  }
  if (definition.kind !== 'experiment') return [];
  const { flag, environments, metrics } = definition.body;
  return [
    { to: 'flag', key: flag, path: ['flag'] },
    ...environments.map((key, i): Reference => ({ to: 'environment', key, path: ['environments', i] })),
    ...(metrics ? metricReferences(metrics) : []),
  ];
}

function environmentReference(key: string): Reference {
  return { to: 'environment', key, path: ['environments', key], on: 'key' };
}

function metricReferences(metrics: {
  primary: string;
  secondary?: string[];
  guardrails?: string[];
}): Reference[] {
  const listed = (['secondary', 'guardrails'] as const).flatMap((name) =>
    (metrics[name] ?? []).map((key, i): Reference => ({ to: 'metric', key, path: ['metrics', name, i] })),
  );
  return [{ to: 'metric', key: metrics.primary, path: ['metrics', 'primary'] }, ...listed];
}

/** The finding for a reference, at its place. */
export function at(reference: Reference, finding: Omit<Finding, 'path' | 'on'>): Finding {
  return { ...finding, path: reference.path, ...(reference.on && { on: reference.on }) };
}
