// Questions about revisions that a person names, asked of the repository that the person works in.
import { askGit, runGit } from './command.ts';
import { lookUpObjects, type ObjectStore } from './objects.ts';

/** The id of the commit that a revision (a branch, a tag, `HEAD~2`, an id) names; undefined where it names none. */
export async function findCommit(store: ObjectStore, revision: string): Promise<string | undefined> {
  return findObject(store, `${revision}^{commit}`);
}

/** The id of the annotated tag that a revision names; undefined where it names something else. */
export async function findTag(store: ObjectStore, revision: string): Promise<string | undefined> {
  const id = await findObject(store, revision);
  const [object] = id === undefined ? [] : await lookUpObjects(store, [id]);
  return object?.type === 'tag' ? object.oid : undefined;
}

async function findObject(store: ObjectStore, revision: string): Promise<string | undefined> {
  // No name in git begins so, and simple-git takes some for options whatever comes before them.
  if (revision.startsWith('-')) return undefined;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', revision];
  const { exitCode, text } = await askGit(args, { ...store, answers: [1, 128] });
  return exitCode === 0 ? text.trim() : undefined;
}

/** The newest commit that both descend from; undefined where their histories, as far as they are here, have none. */
export async function mergeBaseOf(store: ObjectStore, a: string, b: string): Promise<string | undefined> {
  const { exitCode, text } = await askGit(['merge-base', a, b], { ...store, answers: [1] });
  return exitCode === 0 ? text.trim() : undefined;
}

/** Whether history is missing: the clone was made with `--depth`. */
export async function isShallowClone(store: ObjectStore): Promise<boolean> {
  return (await runGit(['rev-parse', '--is-shallow-repository'], store)).trim() === 'true';
}

/** Whether files are left out until they are needed: the clone was made with `--filter`. */
export async function isPartialClone(store: ObjectStore): Promise<boolean> {
  const args = ['config', '--local', '--get-regexp', '^remote\\..*\\.promisor$'];
  return (await askGit(args, { ...store, answers: [1] })).exitCode === 0;
}

/** Branches and tags by their short names (`main`, `origin/main`, `v1`), as many as are asked for. */
export async function namedRevisions(store: ObjectStore, limit: number): Promise<string[]> {
  const format = ['--format=%(refname:short)', `--count=${limit}`];
  const text = await runGit(['for-each-ref', ...format, 'refs/heads/', 'refs/remotes/', 'refs/tags/'], store);
  return text.split('\n').filter((name) => name !== '');
}

/** The states of a branch, newest first, in which something under the path (empty: the root) changed, `head` not counted. */
export async function earlierStates(
  store: ObjectStore,
  head: string,
  path: string,
  limit: number,
): Promise<string[]> {
  const paths = path === '' ? [] : [`:(top,literal)${path}`];
  const args = ['rev-list', '--first-parent', `--max-count=${limit + 1}`, '--end-of-options', head];
  const text = await runGit([...args, '--', ...paths], store);
  return text.split('\n').filter((id) => id !== '' && id !== head);
}
