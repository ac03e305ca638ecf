// Bundles the `halyard` command once for all tests, as `npm run build` does it.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/bundle.ts';
import { bundleCommand } from '../../scripts/bundle-command.ts';

/** Vitest's globalSetup: resolves to its teardown. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = join(root, `node_modules/.cache/halyard-test-${process.pid}`);
  await bundleCommand(folder);
  process.env.HALYARD_TEST_MAIN = join(folder, 'main.js');
  return () => rm(folder, { recursive: true, force: true });
}
