// Which objects a repository has: asked so that a partial one, which lacks files, is not tempted to fetch them.
import { runGit } from './command.ts';
import type { ObjectStore } from './objects.ts';

/**
 * Those of the commits and blobs that are there; trees are never told. For a partial mirror `cat-file` ends with an error
 * at the first object that is missing, where `rev-list` with these options passes it over.
 * @param ids whole object ids
 */
export async function presentObjects(store: ObjectStore, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const args = [
    'rev-list',
    '--no-walk',
    '--objects',
    '--no-object-names',
    '--filter=tree:0',
    '--ignore-missing',
    '--missing=allow-any',
    '--stdin',
  ];
  const lines = (await runGit(args, { ...store, input: `${ids.join('\n')}\n` })).split('\n');
  return new Set(lines.filter((line) => line !== ''));
}
