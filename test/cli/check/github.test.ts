// Workflow commands, as GitHub's runner reads them.
import { expect, test } from 'vitest';
import { githubText } from '../../../src/cli/check/github.ts';
import { flag, flagIf } from '../../definitions/support/project.ts';
import { outcomeOf } from './outcomes.ts';

/** How the runner takes a command apart (actions/runner, ActionCommand.TryParseV2). */
function parsed(line: string) {
  const [, command, list = '', message = ''] = /^::([^ ]+) (.*?)::(.*)$/.exec(line) ?? [];
  const decoded = (text: string) => text.replace(/%0D|%0A|%3A|%2C|%25/g, decodeURIComponent);
  const properties = list.split(',').map((property) => {
    const [name = '', ...value] = property.split('=');
    return [name, decoded(value.join('='))];
  });
  return { command, ...Object.fromEntries(properties), message: decoded(message) };
}

test('a problem is an annotation at its place in the repository', () => {
  const [line = '', summary] = githubText(
    outcomeOf({ 'a/f.yaml': flag('f', 'serve: onn') }),
    'config/flags/',
  ).split('\n');
  expect(line).toBe(
    '::error file=config/flags/a/f.yaml,line=8,endLine=8,col=12,endColumn=15,title=unknown-variation::The flag has no variation `onn`.%0ADid you mean `on`?',
  );
  expect(summary).toBe('2 definitions: 1 error, 0 warnings.');
});

test('a warning is one, also where warnings fail', () => {
  const text = githubText(
    outcomeOf({ 'f.yaml': flag('f', 'rules:\n  - then: { serve: on }') }, { strict: true }),
    'flags/',
  );
  expect(text).toMatch(/^::warning .*title=rule-without-name::/);
  expect(text).toMatch(/2 definitions: 0 errors, 1 warning\. Warnings fail with --strict\.\n$/);
});

test('names and texts that look like commands stay what they are', () => {
  const path = 'a,b:c%0A::error ::x/f.yaml';
  const outcome = outcomeOf({
    [path]: flagIf('f', '{ attribute: "x\\n::stop-commands::y%25", operator: exists }'),
  });
  const text = githubText(outcome, 'fl%ags/');
  const lines = text.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(parsed(lines[0] ?? '')).toMatchObject({
    command: 'error',
    file: `fl%ags/${path}`,
    line: '10',
    title: 'unknown-attribute',
    message: expect.stringMatching(/^.*`x\\u\{a\}::stop-commands::y%25`.*\n/),
  });
});

test('many problems are a hundred annotations, errors first, and a count of the rest', () => {
  const texts = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `f${i}.yaml`,
      flag(`f${i}`, 'rules:\n  - then: { serve: on }\n  - then: { serve: x }'),
    ]),
  );
  const outcome = outcomeOf(texts);
  const lines = githubText(outcome, '').trimEnd().split('\n');
  const commands = lines.map((line) => parsed(line).command);
  expect(commands.filter((command) => command === 'error')).toHaveLength(60);
  expect(commands.slice(0, 60)).toEqual(Array(60).fill('error'));
  expect(lines).toHaveLength(102);
  expect(lines.at(-2)).toBe(
    `… and ${outcome.problems.length - 100} more problems, which \`halyard check\` lists.`,
  );
});
