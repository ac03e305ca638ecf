// The bundle of the whole command, which every test that runs `halyard` runs: it needs no package beside it.
import { mkdtempDisposable } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NEVER_LOADED } from '../../scripts/bundle.ts';
import { bundleCommand } from '../../scripts/bundle-command.ts';

test('has all that it imports, but for what is never loaded', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'halyard-bundle-'));
  const { outputs } = await bundleCommand(folder.path);
  const outside = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external && !isBuiltin(path) ? [path] : [])),
  );
  expect([...new Set(outside)].sort()).toEqual([...NEVER_LOADED].sort());
});
