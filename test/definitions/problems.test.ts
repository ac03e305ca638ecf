// Every problem, provoked: its code and the place that it points at.
import { describe, expect, test } from 'vitest';
import { problemCodes } from '../../src/model/problem.ts';
import { accessCases } from './support/access-cases.ts';
import type { Case } from './support/case.ts';
import { fileCases } from './support/file-cases.ts';
import { habitCases } from './support/habit-cases.ts';
import { hostileCases } from './support/hostile-cases.ts';
import { meaningCases } from './support/meaning-cases.ts';
import { measuringCases } from './support/measuring-cases.ts';
import { load, places } from './support/project.ts';
import { scheduleCases } from './support/schedule-cases.ts';
import { shapeCases } from './support/shape-cases.ts';

const tables: [string, Case[]][] = [
  ['files', fileCases],
  ['shape', shapeCases],
  ['meaning', meaningCases],
  ['habits', habitCases],
  ['measuring', measuringCases],
  ['schedules', scheduleCases],
  ['access policies', accessCases],
  ['hostile YAML', hostileCases],
];

for (const [name, cases] of tables) {
  describe(name, () => {
    test.each(cases)('$title', ({ files, problems }) => {
      const loaded = load(files);
      expect(places(files, loaded)).toEqual(problems);
      const hasErrors = problems.some((problem) => isError(problem.split(' ')[0] ?? ''));
      expect(loaded.ok).toBe(!hasErrors);
      expect(loaded.definitions !== undefined).toBe(loaded.ok);
    });
  });
}

test('every problem that a folder can have is provoked here or in a test of its own', () => {
  const elsewhere = [
    'project-missing',
    'link-refused',
    'submodule-refused',
    'too-many-files',
    'folder-not-listed',
    'folder-too-large',
  ];
  elsewhere.push(
    'too-many-problems',
    'expansion-too-large',
    'flag-expired',
    'schedule-over',
    'experiment-over',
  );
  const provoked = tables.flatMap(([, cases]) => cases.flatMap(({ problems }) => problems));
  const codes = new Set([...elsewhere, ...provoked.map((problem) => problem.split(' ')[0])]);
  const own = Object.entries(problemCodes).filter(
    ([, { group }]) => !['sync', 'access', 'test'].includes(group),
  );
  expect([...codes].sort()).toEqual(own.map(([code]) => code).sort());
});

test('every problem has a message and a hint, both of whole sentences', () => {
  for (const [, cases] of tables) {
    for (const { message, hint } of cases.flatMap(({ files }) => load(files).problems)) {
      expect(message).toMatch(/^([A-Z`"0-9(]|project.yaml|access.yaml).*[.)]$/su);
      expect(hint, message).toMatch(/^[A-Z].*[.?]$/su);
    }
  }
});

function isError(code: string): boolean {
  return problemCodes[code as keyof typeof problemCodes].severity === 'error';
}
