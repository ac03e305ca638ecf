// The bundle of the whole command, which every test that runs `halyard` runs: it needs no package beside it, wherever it lies.
import { execFile } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { NEVER_LOADED } from '../../scripts/bundle.ts';
import { bundleCommand } from '../../scripts/bundle-command.ts';
import { createDatabase } from '../support/database.ts';

test('has all that it imports, but for what is never loaded, and finds its files in a folder whose name is a pattern', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'halyard [b] {x,y} (z) @+!*?-'));
  const { outputs } = await bundleCommand(folder.path);
  const outside = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external && !isBuiltin(path) ? [path] : [])),
  );
  expect([...new Set(outside)].sort()).toEqual([...NEVER_LOADED].sort());
  await using database = await createDatabase();
  const args = [join(folder.path, 'halyard.js'), 'migrate', '--database-url', database.url];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toContain('Nothing to do: the schema is up to date.');
});
