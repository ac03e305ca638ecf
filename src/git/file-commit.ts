// Small files in commits without a work tree: one laid over a commit's tree, and all that a history ever held.
import { askGit, runGit } from './command.ts';
import { isAncestor } from './history.ts';
import { lookUpObjects, type ObjectStore, readObjects } from './objects.ts';

export interface FileChange {
  name: string;
  text: string;
  message: string;
  /** When the commit says that it was made, in whole seconds since 1970. */
  atSeconds: number;
}

/** A larger file is none of ours. */
const MOST_FILE_BYTES = 64 * 1024;
const READ_AT_ONCE = 5_000;
const DEADLINE_MS = 60_000;

/** Writes a commit whose tree is its parent's with one file more, or changed. Resolves to its id. Throws GitError. */
export async function commitFile(
  store: ObjectStore,
  parent: string | undefined,
  { name, text, message, atSeconds }: FileChange,
): Promise<string> {
  const write = async (args: string[], input: string) => (await runGit(args, { ...store, input })).trim();
  const blob = await write(['hash-object', '-w', '--stdin'], text);
  const listed =
    parent === undefined ? '' : await runGit(['ls-tree', '-z', '--end-of-options', parent], store);
  const others = listed.split('\0').filter((line) => line !== '' && !line.endsWith(`\t${name}`));
  const tree = await write(['mktree', '-z'], [...others, `100644 blob ${blob}\t${name}`, ''].join('\0'));
  const by = `halyard <halyard@localhost> ${atSeconds} +0000`;
  const parents = parent === undefined ? '' : `parent ${parent}\n`;
  const header = `tree ${tree}\n${parents}author ${by}\ncommitter ${by}\n`;
  return write(['hash-object', '-t', 'commit', '-w', '--stdin'], `${header}\n${message}\n`);
}

/** A file of a commit; undefined where it is not there, or too large. */
export async function readFileOf(
  store: ObjectStore,
  commit: string,
  name: string,
): Promise<string | undefined> {
  const [found] = await lookUpObjects(store, [`${commit}:${name}`]);
  if (found?.type !== 'blob' || found.size > MOST_FILE_BYTES) return undefined;
  const [file] = await readObjects(store, [found.oid]);
  return file?.content.toString('utf8');
}

/** Every content that any file has in a commit and those before it, each once, in no order; empty for one that is too large. */
export async function readHistory(store: ObjectStore, commit: string): Promise<string[]> {
  const args = ['rev-list', '--objects', '--no-object-names', '--end-of-options', commit];
  const names = (await runGit(args, { ...store, deadlineMs: DEADLINE_MS })).trim().split('\n');
  const contents: string[] = [];
  for (let at = 0; at < names.length; at += READ_AT_ONCE) {
    const blobs = (await lookUpObjects(store, names.slice(at, at + READ_AT_ONCE))).filter(
      (object) => object?.type === 'blob',
    );
    const small = blobs.flatMap((blob) => (blob && blob.size <= MOST_FILE_BYTES ? [blob.oid] : []));
    if (small.length < blobs.length) contents.push('');
    for (const object of await readObjects(store, small))
      if (object) contents.push(object.content.toString('utf8'));
  }
  return contents;
}

/** Of two commits the one that the other comes before; undefined where neither does. */
export async function newerCommit(
  store: ObjectStore,
  one: string | undefined,
  other: string,
): Promise<string | undefined> {
  if (one === undefined || (await isAncestor(store, one, other))) return other;
  return (await isAncestor(store, other, one)) ? one : undefined;
}

/** The commit that a ref stands at; undefined where there is none. */
export async function resolvedCommit(store: ObjectStore, ref: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  const { exitCode, text } = await askGit(args, { ...store, answers: [1] });
  return exitCode === 0 ? text.trim() : undefined;
}
