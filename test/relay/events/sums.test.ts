// How it stands with events in all workers of a relay together.
import { expect, it } from 'vitest';
import type { EventFacts } from '../../../src/relay/events.ts';
import { sumOfFacts } from '../../../src/relay/workers/events.ts';

const fault = { code: 'http', message: 'away', atMs: 5 };

it.each<[title: string, all: EventFacts[], sum: EventFacts]>([
  ['none has said anything yet', [], { bufferBytes: 0 }],
  ['what waits is added up', [{ bufferBytes: 3 }, { bufferBytes: 4 }], { bufferBytes: 7 }],
  [
    'of times the oldest counts',
    [{ bufferBytes: 0, oldestAtMs: 30 }, { bufferBytes: 0 }, { bufferBytes: 0, oldestAtMs: 20 }],
    { bufferBytes: 0, oldestAtMs: 20 },
  ],
  [
    'spools are added up, and one that is empty is one',
    [
      { bufferBytes: 0, spoolBytes: 0 },
      { bufferBytes: 0, spoolBytes: 8 },
    ],
    { bufferBytes: 0, spoolBytes: 8 },
  ],
  [
    'a fault of one is a fault, and attributes are named once',
    [
      { bufferBytes: 0, personal: ['email'] },
      { bufferBytes: 0, delivery: fault, personal: ['email', 'phone'] },
    ],
    { bufferBytes: 0, delivery: fault, personal: ['email', 'phone'] },
  ],
])('%s', (_title, all, sum) => {
  expect(sumOfFacts(all)).toEqual(sum);
});
