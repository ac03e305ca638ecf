// Asks git what it finds of signatures, in its own words for machines: nothing in an answer is worded by a signer.
import { availableParallelism } from 'node:os';
import { GitError, runGit } from './command.ts';
import type { ObjectStore } from './objects.ts';
import { runProgram } from './program.ts';

export interface Finding {
  /** As git-log(1) says of `%G?`; `N` where no program could be asked, or gpg found no signature. */
  letter: string;
  /** The key that verified: `SHA256:…` for SSH, hex digits for OpenPGP. Empty where none did. */
  key: string;
  /** The primary key of that OpenPGP key. */
  primary: string;
}

/** One git process verifies this many, so that its deadline does not grow with the history. */
const ASKED_AT_ONCE = 200;
const DEADLINE_MS = 120_000;
const LANES = Math.min(4, availableParallelism());

/** What git finds of the commits' signatures; the store is a verification room's. Throws GitError. */
export async function findingsOfCommits(
  store: ObjectStore,
  ids: readonly string[],
): Promise<Map<string, Finding>> {
  const size = Math.min(ASKED_AT_ONCE, Math.ceil(ids.length / LANES));
  const batches = Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
  const findings = new Map<string, Finding>();
  const work = batches.values();
  const lane = async (): Promise<void> => {
    for (const batch of work)
      for (const [id, finding] of await askLog(store, batch)) findings.set(id, finding);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return findings;
}

const FORMAT = '%H%x00%G?%x00%GF%x00%GP';
const LINE = /^([0-9a-f]{40,64})\0([GUXYRBEN])\0(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]*)\0([0-9A-F]*)$/;

async function askLog(store: ObjectStore, ids: readonly string[]): Promise<Map<string, Finding>> {
  const args = ['log', '--no-walk=unsorted', '--stdin', `--format=${FORMAT}`];
  const input = `${ids.join('\n')}\n`;
  const text = await runGit(args, { ...store, input, deadlineMs: DEADLINE_MS });
  const findings = new Map<string, Finding>();
  for (const line of text.trimEnd().split('\n')) {
    const [, id = '', letter = '', key = '', primary = ''] = LINE.exec(line) ?? [];
    findings.set(id, { letter, key, primary });
  }
  if (findings.size !== ids.length || ids.some((id) => !findings.has(id)))
    throw new GitError('failed', 'git log did not answer what it was asked about signatures.', 0);
  return findings;
}

/** What git finds of a tag's signature; the store is a verification room's. Throws GitError, UnreachableError. */
export async function findingOfTag(store: ObjectStore, id: string): Promise<Finding> {
  const { folder, environment, signal } = store;
  // It tells its finding as an error, and by its exit code less than that.
  const args = ['verify-tag', '--raw', id];
  const { exitCode, stderr } = await runProgram('git', args, { folder, environment, signal });
  if (exitCode !== 0 && exitCode !== 1)
    throw new GitError('failed', 'git verify-tag could not verify a tag.', exitCode);
  const lines = stderr.split('\n');
  return findingOfGpg(lines) ?? findingOfSsh(lines) ?? { letter: 'B', key: '', primary: '' };
}

/** The status lines that say how it ended; see `doc/DETAILS` of GnuPG. */
const LETTERS: Record<string, string> = {
  GOODSIG: 'G',
  EXPSIG: 'X',
  EXPKEYSIG: 'Y',
  REVKEYSIG: 'R',
  BADSIG: 'B',
  ERRSIG: 'E',
};

function findingOfGpg(lines: readonly string[]): Finding | undefined {
  const words = lines.map((line) => line.split(' ')).filter(([mark]) => mark === '[GNUPG:]');
  const ends = words.flatMap(([, word = '']) => LETTERS[word] ?? []);
  const [letter] = ends;
  if (letter === undefined) return undefined;
  const [valid] = words.filter(([, word]) => word === 'VALIDSIG');
  return { letter: ends.length === 1 ? letter : 'E', key: valid?.[2] ?? '', primary: valid?.[11] ?? '' };
}

function findingOfSsh(lines: readonly string[]): Finding | undefined {
  const good = /^Good "git" signature (for \S+ )?with \S+ key (SHA256:[A-Za-z0-9+/]{43})$/;
  const [, named, key] = lines.map((line) => good.exec(line)).find((match) => match !== null) ?? [];
  return key === undefined ? undefined : { letter: named === undefined ? 'U' : 'G', key, primary: '' };
}
