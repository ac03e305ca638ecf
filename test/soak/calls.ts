// The calls that the soak makes, how often each, and how their answers show that they are right.
import { FLAG, keyOf, OTHERS, valueAt } from './definitions.ts';

export interface Call {
  name: string;
  /** In a hundred calls. */
  share: number;
  path: string;
  body: string;
  /** The revision that a right answer is of; undefined where it is not right. */
  revisionOf: (text: string) => number | undefined;
}

const context = { targetingKey: 'someone', country: 'US' };

interface Answered {
  value?: unknown;
  metadata?: { revision?: unknown };
}

function revisionOf({ value, metadata }: Answered): number | undefined {
  const revision = metadata?.revision;
  return typeof revision === 'number' && value === valueAt(revision) ? revision : undefined;
}

const many = [FLAG, ...Array.from({ length: 9 }, (_, at) => keyOf(at))];

export const CALLS: Call[] = [
  {
    name: 'single',
    share: 60,
    path: `/v1/evaluate/${FLAG}`,
    body: JSON.stringify({ context }),
    revisionOf: (text) => revisionOf(JSON.parse(text)),
  },
  {
    name: 'OFREP',
    share: 22,
    path: `/ofrep/v1/evaluate/flags/${FLAG}`,
    body: JSON.stringify({ context }),
    revisionOf: (text) => revisionOf(JSON.parse(text)),
  },
  {
    name: 'ten in one',
    share: 10,
    path: '/v1/evaluate',
    body: JSON.stringify({ context, flags: many }),
    revisionOf: (text) => {
      const { revision, flags } = JSON.parse(text) as {
        revision: number;
        flags: { [key: string]: Answered };
      };
      const isWhole = Object.keys(flags).length === many.length;
      return isWhole && flags[FLAG]?.value === valueAt(revision) ? revision : undefined;
    },
  },
  {
    name: `OFREP bulk of ${OTHERS + 1}`,
    share: 3,
    path: '/ofrep/v1/evaluate/flags',
    body: JSON.stringify({ context }),
    revisionOf: (text) => {
      const { flags } = JSON.parse(text) as { flags: (Answered & { key: string })[] };
      const flag = flags.length === OTHERS + 1 ? flags.find(({ key }) => key === FLAG) : undefined;
      return flag && revisionOf(flag);
    },
  },
];

/** What is left of the hundred: flagd's protocol, Connect's form of it, over HTTP/2. */
export const GRPC: Call = {
  name: 'flagd over HTTP/2',
  share: 5,
  path: '/flagd.evaluation.v1.Service/ResolveFloat',
  body: JSON.stringify({ flagKey: FLAG, context }),
  revisionOf: (text) => revisionOf(JSON.parse(text)),
};
