// Verifies the audit: walks each chain, compares it with all that follows from it, and looks whether the guards still stand.
import type { Pool, Queryable } from '../db/pool.ts';
import { type Tx, withTransaction } from '../db/transaction.ts';
import { UsageError } from '../lib/errors.ts';
import { printable } from '../lib/printable.ts';
import type { Break } from './break.ts';
import { chainBreak } from './chain-break.ts';
import type { VerifiedCheckpoint } from './checkpoint.ts';
import { checkpointBreak, missingChain } from './checkpoint-break.ts';
import { type Derivation, deriveProject } from './derive/project-derivation.ts';
import { openRepository, type RepositoryOptions } from './derive/repository.ts';
import { assertSeesEverything, guardBreak, orElse } from './guarding.ts';
import { namedEntries, namedProjects, projectRowBreak } from './project-row.ts';
import { servedBreak } from './served.ts';
import { readServed } from './served-rows.ts';
import { stampBreak } from './stamps.ts';
import { strayBreak } from './stray-rows.ts';
import { walk } from './walk.ts';

export interface VerifiedProject {
  project: string;
  entries: number;
  /** The hash of the last entry; absent without entries. */
  hash?: string;
  /** The checkpoints that the chain was compared with, where there are any, and the newest of them. */
  checkpoints?: { count: number; entry: number; time: string };
}

/** What entries were derived from, which entry 1 says itself where nobody else does. */
export interface Place {
  branch: string;
  /** Empty for the root. */
  path: string;
  /** The commit at which the branch stands. */
  head: string;
}

export interface Verification {
  /** The projects that were looked at, up to the broken one. */
  projects: VerifiedProject[];
  /** What came of deriving a project's entries again from git, if that was asked for and the audit by itself is whole. */
  derivation?: { project: string } & Place & Omit<Derivation, 'break'>;
  /** The first break. `project` is absent for one of the whole database. */
  break?: Break & { project?: string };
}

/** How far a verification is. */
export interface Progress {
  /** `chain`: the entries and what follows from them in the database. `git`: the entries derived again. */
  step: 'chain' | 'git';
  project: string;
  done: number;
  of: number;
}

export interface VerifyOptions {
  /** One of the database's projects; all, if left out. */
  project?: string;
  /** Derive the project's entries again from this repository. With several projects in the database, one must be named. */
  repository?: RepositoryOptions;
  /** Each must find its entry in the chain of its project. Those of other projects than are looked at are passed over. */
  checkpoints?: readonly VerifiedCheckpoint[];
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/**
 * Looks at one state of the database, and changes nothing. Throws UsageError where there is no such project, and
 * UnreachableError where the database or the repository does not answer.
 */
export async function verifyAudit(pool: Pool, options: VerifyOptions = {}): Promise<Verification> {
  return withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, async (tx) => {
    // Reading git takes its time, in which the database is asked nothing.
    await tx.query('set local idle_in_transaction_session_timeout = 0');
    const verification = await verifyIn(tx, options);
    if (!options.repository || verification.break) return verification;
    return { ...verification, ...(await deriveIn(tx, options.repository, verification, options)) };
  });
}

/** The repository is fetched after the database's state was fixed, so it holds whatever that was judged from. */
async function deriveIn(
  tx: Tx,
  options: RepositoryOptions,
  { projects }: Verification,
  { signal, onProgress }: VerifyOptions,
): Promise<Pick<Verification, 'derivation' | 'break'>> {
  const [only, ...others] = projects;
  if (!only || others.length > 0) {
    const names = projects.map(({ project }) => printable(project)).join(', ') || 'none yet';
    throw new UsageError(
      `--repo is the repository of one project: say which with --project. There are: ${names}.`,
    );
  }
  const { project, entries } = only;
  const repository = await openRepository(tx, project, options, signal);
  const { break: found, ...derivation } = await deriveProject(tx, project, repository, (done) => {
    signal?.throwIfAborted();
    onProgress?.({ step: 'git', project, done, of: entries });
  });
  const { branch, path, head } = repository;
  return {
    derivation: { project, branch, path, head, ...derivation },
    ...(found && { break: { ...found, project } }),
  };
}

/** The same inside a transaction, whose search_path it sets. */
export async function verifyIn(tx: Tx, options: VerifyOptions = {}): Promise<Verification> {
  await tx.query('set local search_path = pg_catalog, pg_temp');
  const unguarded = await guardBreak(tx);
  const found = await orElse(tx, unguarded, async () => {
    // Where the guards do not stand, they are what is to be told of.
    if (!unguarded) await assertSeesEverything(tx);
    return verifyRows(tx, options);
  });
  const verification = 'kind' in found ? { projects: [], break: found } : found;
  return unguarded ? { break: unguarded, ...verification } : verification;
}

async function verifyRows(tx: Tx, options: VerifyOptions): Promise<Verification> {
  const { project } = options;
  const present = await namedProjects(tx);
  const gone = options.checkpoints?.find(
    (checkpoint) =>
      !present.includes(checkpoint.project) && [undefined, checkpoint.project].includes(project),
  );
  if (gone) return { projects: [], break: { ...missingChain(gone), project: gone.project } };
  if (project !== undefined && !present.includes(project)) {
    throw new UsageError(
      `the database has no project ${printable(project)}. It has: ${present.map((key) => printable(key)).join(', ') || 'none yet'}.`,
    );
  }
  const projects: VerifiedProject[] = [];
  for (const key of project === undefined ? present : [project]) {
    const { found, ...verified } = await verifyProject(tx, key, options);
    projects.push(verified);
    if (found) return { projects, break: { ...found, project: key } };
  }
  const stray = await strayBreak(tx, present);
  return { projects, ...(stray && { break: stray }) };
}

async function verifyProject(
  connection: Queryable,
  project: string,
  { checkpoints = [], signal, onProgress }: VerifyOptions,
): Promise<VerifiedProject & { found?: Break }> {
  const rows = await namedEntries(connection, project);
  const [named] = rows;
  const { links, replay, replayBreak } = await walk(connection, project, (done) => {
    signal?.throwIfAborted();
    onProgress?.({ step: 'chain', project, done, of: named?.lastNamed ?? done });
  });
  const served = await readServed(connection, project);
  const hashes = links.map(({ hash }) => hash);
  const signed = checkpoints.filter((checkpoint) => checkpoint.project === project);
  const found =
    projectRowBreak(rows) ??
    chainBreak(links, named?.last ?? 0, named?.lastNamed ?? 0) ??
    checkpointBreak(hashes, signed) ??
    replayBreak ??
    servedBreak(served, replay, hashes) ??
    (await stampBreak(connection, project));
  const hash = hashes.at(-1);
  return {
    project,
    entries: links.length,
    ...(hash !== undefined && { hash }),
    ...(signed.length > 0 && { checkpoints: summaryOf(signed) }),
    ...(found && { found }),
  };
}

function summaryOf(signed: readonly VerifiedCheckpoint[]): { count: number; entry: number; time: string } {
  const newest = signed.reduce((last, each) => (each.entry > last.entry ? each : last));
  return { count: signed.length, entry: newest.entry, time: newest.time };
}
