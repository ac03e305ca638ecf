// Definitions for tests of plans, written as bodies by kind and key, and one flag of them compared.
import type { Definition, Definitions } from '../../src/model/definition.ts';
import type {
  AttributeDeclaration,
  ExperimentDefinition,
  FlagDefinition,
  FlagEnvironment,
  MetricDefinition,
  SegmentDefinition,
} from '../../src/model/definitions.gen.ts';
import type { Compared } from '../../src/plan/comparison.ts';
import { editsOf } from '../../src/plan/edits.ts';
import type { Case, Plan } from '../../src/plan/plan.ts';
import { comparedIn, environmentsOf, knownOf, planOf, sidesOf } from '../../src/plan/plan-of.ts';

export interface Written {
  salts?: { [environment: string]: string };
  attributes?: { [name: string]: AttributeDeclaration };
  flags?: { [key: string]: Partial<FlagDefinition> };
  segments?: { [key: string]: Partial<SegmentDefinition> };
  experiments?: { [key: string]: Partial<ExperimentDefinition> };
  metrics?: { [key: string]: Partial<MetricDefinition> };
}

export const NOW = '2026-11-20T12:00:00Z';
export const nowMs = Date.parse(NOW);

/** Flags are boolean and permanent, experiments run in prod, unless the bodies say otherwise. */
export function definitionsOf(written: Written): Definitions {
  const {
    salts = { prod: 'c07d2e' },
    attributes,
    flags = {},
    segments = {},
    experiments = {},
    metrics = {},
  } = written;
  const environments = Object.fromEntries(Object.entries(salts).map(([name, salt]) => [name, { salt }]));
  const project = { project: 'acme/shop', environments, ...(attributes && { attributes }) };
  const all = [
    ...Object.entries(experiments).map(([key, body]) =>
      definition('experiment', key, { ...experiment(key), ...body }),
    ),
    ...Object.entries(flags).map(([key, body]) =>
      definition('flag', key, { flag: key, permanent: true, type: 'boolean', environments: {}, ...body }),
    ),
    ...Object.entries(metrics).map(([key, body]) =>
      definition('metric', key, { metric: key, event: key, type: 'binary', direction: 'increase', ...body }),
    ),
    definition('project', 'acme/shop', project),
    ...Object.entries(segments).map(([key, body]) => definition('segment', key, { segment: key, ...body })),
  ];
  return { project, all };
}

/** One flag, `f`, as it is in prod. */
export function inProd(prod: FlagEnvironment, rest: Partial<FlagDefinition> = {}): Written {
  return { flags: { f: { ...rest, environments: { prod } } } };
}

export function plan(before: Written | undefined, after: Written, today = '2026-11-20'): Plan {
  return planOf(before && definitionsOf(before), definitionsOf(after), { nowMs, today });
}

export function planOfDefinitions(before: Definitions, after: Definitions): Plan {
  return planOf(before, after, { nowMs, today: '2026-11-20' });
}

/** The plan of the flag `f` in prod. Throws where it has none. */
export function planInProd(before: Written | undefined, after: Written) {
  const { flags } = plan(before, after);
  const found = flags
    .find(({ flag }) => flag === 'f')
    ?.environments.find(({ environment }) => environment === 'prod');
  if (!found) throw new Error('nothing is told of f in prod');
  return found;
}

/** `on 15, off 85 -> on 20, off 80: off -> on 5, of country eq US`. */
export function inShort({ when, before, after, moves, units }: Case): string {
  const shares = (all: Case['before']) =>
    all.map(({ answer, unchanged, percent }) => `${unchanged ? '=' : (answer ?? '?')} ${percent}`).join(', ');
  const moved = moves.map(({ from = '?', to = '?', percent }) => `${from} -> ${to} ${percent}`).join(', ');
  const whom = when.length > 0 ? `, of ${when.join('; ')}` : '';
  return `${shares(before)} -> ${shares(after)}: ${moved}${whom}${units === undefined ? '' : `, ${units} units`}`;
}

/** All that is compared. */
export function compared(before: Definitions, after: Definitions): Compared[] {
  const sides = sidesOf(before, after, nowMs);
  const edits = editsOf(before, after);
  return environmentsOf(before, after).flatMap((name) =>
    comparedIn(name, sides, edits, knownOf(before, after)),
  );
}

function experiment(key: string): ExperimentDefinition {
  return {
    experiment: key,
    flag: 'f',
    status: 'running',
    environments: ['prod'],
    arms: [
      { variation: 'off', weight: 50 },
      { variation: 'on', weight: 50 },
    ],
    metrics: { primary: 'purchase' },
  };
}

function definition(kind: string, key: string, body: object): Definition {
  return { kind, key, path: `${key}.yaml`, body } as unknown as Definition;
}
