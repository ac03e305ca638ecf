// The command in a refusal's hint, as it is typed where the reader stands.
import { expect, test } from 'vitest';
import { approveHint } from '../../src/cli/approve-hint.ts';

const COMMIT = 'c0ffee1234'.padEnd(40, '0');
const HINT = 'Ask alice to approve: `halyard approve <commit> --environment prod`.';

test.each([
  ['origin', '`halyard approve c0ffee1234 --environment prod`'],
  ['.', '`halyard approve c0ffee1234 --environment prod --remote .`'],
  ['upstream', '`halyard approve c0ffee1234 --environment prod --remote upstream`'],
  ['https://git.example/shop.git', '`halyard approve c0ffee1234 --environment prod`'],
])('an approval for %s', (remote, command) => {
  expect(approveHint(HINT, COMMIT, remote)).toBe(`Ask alice to approve: ${command}.`);
});

test('another hint stays as it is', () => {
  expect(approveHint('Sign it with `git commit -S`.', COMMIT, '.')).toBe('Sign it with `git commit -S`.');
});
