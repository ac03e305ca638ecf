// Long histories made at once by git fast-import, and their chains, grown by sync's own judgement without a trip for each commit.

import type { ProjectSource } from '../../src/audit/store.ts';
import type { Pool } from '../../src/db/pool.ts';
import type { Loaded } from '../../src/definitions/load.ts';
import { localEnvironment } from '../../src/git/environment.ts';
import { readCommits, treesUnder } from '../../src/git/history.ts';
import type { ObjectStore } from '../../src/git/objects.ts';
import { type Judged, judgeAccess } from '../../src/sync/access.ts';
import { type Applied, nothingApplied, readApplied } from '../../src/sync/applied.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { recordJudgement } from '../../src/sync/record.ts';
import type { FileEdits, GitRepository } from './git-repository.ts';
import { PROJECT } from './sync-project.ts';

/** A commit to be: what it says, and what it does to the files before it. */
export interface Step {
  subject: string;
  edits: FileEdits;
}

/** Makes a branch of these commits, one after the other, in one git process. Resolves to their ids. */
export async function importHistory(
  repository: GitRepository,
  steps: readonly Step[],
  branch = 'main',
): Promise<string[]> {
  const parts: Buffer[] = [];
  const line = (text: string) => parts.push(Buffer.from(`${text}\n`));
  const data = (content: string | Uint8Array) => {
    const bytes = Buffer.from(content as string);
    line(`data ${bytes.length}`);
    parts.push(bytes, Buffer.from('\n'));
  };
  for (const [index, { subject, edits }] of steps.entries()) {
    line(`commit refs/heads/${branch}`);
    line(`committer Cole Committer <cole@example.com> ${1_700_000_000 + index} +0000`);
    data(subject);
    for (const [path, content] of Object.entries(edits)) {
      if (content === null) line(`D ${path}`);
      else {
        line(`M 100644 inline ${path}`);
        data(content);
      }
    }
  }
  await repository.pipe(['fast-import', '--quiet', '--force'], Buffer.concat(parts));
  return (await repository.git('rev-list', '--first-parent', '--reverse', branch)).split('\n');
}

/** The repository as git reads it. */
export function storeOf(repository: GitRepository): ObjectStore {
  const environment = localEnvironment({
    globalConfigFile: '/dev/null',
    ceilings: [],
    inherited: process.env,
  });
  return { folder: repository.folder, environment };
}

/** Judges commits one after the other, whose states are known, without the first `from`. Nobody signs, and there is no evidence. */
export async function* judgements(
  repository: GitRepository,
  ids: readonly string[],
  steps: readonly Step[],
  applied: () => Applied,
  from = 0,
): AsyncGenerator<Judged> {
  const store = storeOf(repository);
  const commits = await readCommits(store, ids);
  const trees = await treesUnder(store, ids, 'flags');
  const contents = new Map<string, Uint8Array>();
  let loaded: Loaded | undefined;
  for (const [index, commit] of commits.entries()) {
    for (const [path, content] of Object.entries(steps[index]?.edits ?? {})) {
      const inside = path.slice('flags/'.length);
      if (content === null) contents.delete(inside);
      else contents.set(inside, Buffer.from(content as string));
    }
    if (index < from) continue;
    const files = Array.from(contents, ([path, content]) => ({ path, kind: 'file' as const, content }));
    const known = { ...applied(), project: PROJECT };
    const judgement = judgeCommit(commit, files, known, loaded);
    loaded = judgement.loaded;
    const proof = { verified: { status: 'unsigned' as const }, evidence: [], tree: trees[index] };
    yield judgeAccess(judgement, proof, known);
  }
}

export const SOURCE: ProjectSource = { repository: '/srv/shop', path: 'flags', branch: 'main' };

/** Grows a chain on from the first `from` commits, through every guard: one transaction a commit. */
export async function growChain(
  pool: Pool,
  repository: GitRepository,
  ids: readonly string[],
  steps: readonly Step[],
  from = 0,
): Promise<void> {
  let applied = (await readApplied(pool, PROJECT)) ?? nothingApplied(PROJECT, SOURCE);
  for await (const judged of judgements(repository, ids, steps, () => applied, from)) {
    ({ applied } = await recordJudgement(pool, SOURCE, applied, judged, () => {}));
  }
}
