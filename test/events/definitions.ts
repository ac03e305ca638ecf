// What is applied where events are collected in tests and benches.

export const PROJECT = 'acme/shop';

/** One experiment `layout` with the arms `off` and `on` in prod, and metrics that read `purchase`, `error` and `visit`. */
export const DEFINITIONS = [
  { kind: 'project', key: PROJECT, body: { project: PROJECT, environments: { dev: {}, prod: {} } } },
  {
    kind: 'experiment',
    key: 'layout',
    body: {
      experiment: 'layout',
      flag: 'checkout',
      status: 'running',
      environments: ['prod'],
      arms: [
        { variation: 'off', weight: 50 },
        { variation: 'on', weight: 50 },
      ],
    },
  },
  { kind: 'metric', key: 'purchase', body: { metric: 'purchase', type: 'binary', event: 'purchase' } },
  {
    kind: 'metric',
    key: 'errors',
    body: { metric: 'errors', type: 'ratio', numerator: 'error', denominator: 'visit' },
  },
];
