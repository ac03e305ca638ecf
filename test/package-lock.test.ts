// package-lock.json names everything that it leads to, on every platform: `npm ci` refuses one that does not.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

test('package-lock.json holds every package that another one in it names', async () => {
  const text = await readFile(join(import.meta.dirname, '../package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Record<string, Locked> };
  const lacking = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !foldersAbove(from).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${from} lacks ${name}`),
  );
  expect(lacking).toEqual([]);
});

/** Where Node looks for what a package needs: in itself, and in every package around it. */
function foldersAbove(place: string): string[] {
  if (place === '') return [''];
  return [`${place}/`, ...[...place.matchAll(/node_modules\//g)].map(({ index }) => place.slice(0, index))];
}
