// What `up` says of what is applied, and which environment it serves.
import { expect, test } from 'vitest';
import { chosenEnvironment, definitionsInWords } from '../../src/cli/up/applied.ts';

test.each([
  [undefined, ['staging', 'prod', 'dev'], 'prod'],
  [undefined, ['test', 'live'], 'live'],
  [undefined, [], 'prod'],
  ['dev', ['prod', 'dev'], 'dev'],
  ['dev', [], 'dev'],
])('where %s is wanted and there are %j, %s is served', (wanted, known, chosen) => {
  expect(chosenEnvironment(wanted, known)).toBe(chosen);
});

test('an environment that there is not is refused, and those that there are are named', () => {
  expect(() => chosenEnvironment('qa', ['prod', 'dev'])).toThrow('no environment "qa". It has dev, prod.');
});

test.each<[[string, number][], string]>([
  [[], 'none yet'],
  [[['project', 1]], '1: the project'],
  [
    [
      ['project', 1],
      ['flag', 1],
      ['metric', 2],
    ],
    '4: 1 flag, 2 metrics and the project',
  ],
  [[['flag', 1_000]], '1,000: 1,000 flags'],
])('%j is said as %s', (kinds, words) => {
  expect(definitionsInWords(new Map(kinds))).toBe(words);
});
