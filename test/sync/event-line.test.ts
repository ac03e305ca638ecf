// What a terminal or a log says of a commit: who stands behind it, what was missing, and who could mend it.
import { expect, test } from 'vitest';
import type { SyncEvent } from '../../src/sync/event.ts';
import { eventLine } from '../../src/sync/event-line.ts';

const commit = {
  project: 'acme/shop',
  entry: 7,
  commit: '0123456789abcdef',
  author: 'Bob <bob@example.com>',
  subject: 'To 20',
};
const approvers = (signature: object, approvedBy: string[] = []) => ({ ...commit, signature, approvedBy });

test.each<[string, object, string]>([
  [
    'an applied commit',
    {
      type: 'applied',
      ...approvers({ status: 'valid', person: 'bob' }, ['alice', 'carol']),
      revision: 3,
      changes: [{}],
    },
    'applied   0123456789  entry 7  Bob: To 20  (revision 3, 1 row, signed by bob, approved by alice and carol)',
  ],
  [
    'one whose author a forge vouches for',
    { type: 'applied', ...approvers({ status: 'valid', person: 'bob', vouched: true }), changes: [] },
    'applied   0123456789  entry 7  Bob: To 20  (no change, vouched for as bob)',
  ],
  [
    'one that nobody of a policy stands behind',
    { type: 'applied', ...approvers({ status: 'unsigned' }), changes: [] },
    'applied   0123456789  entry 7  Bob: To 20  (no change)',
  ],
  [
    'a refused one, with what to do',
    {
      type: 'rejected',
      ...approvers({ status: 'valid', person: 'bob' }),
      problems: [
        {
          file: 'pay.yaml',
          line: 1,
          column: 1,
          code: 'approval-missing',
          severity: 'error',
          message: 'Rule 3 (developer) lets bob change it in prod with 1 approval: there is none.',
          hint: 'Ask alice.',
        },
      ],
    },
    'rejected  0123456789  entry 7  Bob: To 20  (signed by bob, flags/pay.yaml:1:1 approval-missing: ' +
      'Rule 3 (developer) lets bob change it in prod with 1 approval: there is none. Ask alice.)',
  ],
  [
    'one with faulty definitions, whose hint check gives',
    {
      type: 'rejected',
      ...approvers({ status: 'unsigned' }),
      problems: [
        {
          file: 'pay.yaml',
          line: 3,
          column: 5,
          code: 'unknown-key',
          severity: 'error',
          message: 'There is no key x.',
          hint: 'y',
        },
      ],
    },
    'rejected  0123456789  entry 7  Bob: To 20  (flags/pay.yaml:3:5 unknown-key: There is no key x.)',
  ],
])('the line of %s', (_, event, line) => {
  expect(eventLine(event as SyncEvent, 'flags')).toBe(line);
});
