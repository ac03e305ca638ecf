// The tests of the sample project: a model for users, so they pass and leave nothing out.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { CoverageNotes } from '../../src/flag-tests/coverage.ts';
import { loadTests } from '../../src/flag-tests/load.ts';
import { runCases } from '../../src/flag-tests/run.ts';
import { readFolder } from '../../src/io/folder.ts';
import { failuresOf } from './support.ts';

const entries = await readFolder(join(import.meta.dirname, '../../flags'));
const loaded = loadDefinitions(entries);

test('they have no problem, pass, and take every way through every flag', () => {
  if (!loaded.ok) throw new Error('the sample project has problems');
  const { cases, problems } = loadTests(entries, loaded.definitions);
  expect(problems).toEqual([]);
  const notes = new CoverageNotes();
  const onPath = notes.note.bind(notes);
  const results = [...runCases(cases, loaded.definitions, { clock: () => 0, onPath })];
  expect(failuresOf(results)).toEqual([]);
  const { flags } = notes.coverage(loaded.definitions, loaded.files);
  expect(
    flags.flatMap(({ flag, missed }) =>
      missed.map(({ environment, way }) => `${flag} ${environment} ${way}`),
    ),
  ).toEqual([]);
});
