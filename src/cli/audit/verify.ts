// `halyard audit verify`: proves that the audit is whole, by itself and, with --repo, against the repository.
import { Command, Option } from 'commander';
import type { RepositoryOptions } from '../../audit/derive/repository.ts';
import { type Verification, verifyAudit } from '../../audit/verify.ts';
import { UsageError } from '../../lib/errors.ts';
import { normalPath, validBranch } from '../../sync/options.ts';
import { EXIT } from '../exit.ts';
import { addGitOptions, type GitOptions, mirrorOptions } from '../git-options.ts';
import { say } from '../terminal.ts';
import { unreadable } from '../unreadable.ts';
import {
  type CheckpointFault,
  type CheckpointOptions,
  type Checkpoints,
  readCheckpoints,
} from './checkpoints.ts';
import { withDatabase } from './database.ts';
import { ProgressLine } from './progress.ts';
import { checkpointFaultLine, verifyLines } from './verify-text.ts';

interface Options extends GitOptions, CheckpointOptions {
  databaseUrl?: string;
  project?: string;
  format: 'text' | 'json';
  repo?: string;
  branch?: string;
  path?: string;
  progress?: boolean;
}

const EXAMPLES = `
Walks each chain, computes every hash again, compares it with the rows that follow from it and with what is served, and
looks whether PostgreSQL still refuses changes without an entry. Reads one state of the database and changes nothing.

With --repo, every entry is derived again from git, the policy and the entry before it, by code of its own: who signed,
who approved, what changed, and whether the commit was the one to be judged next. Somebody who owns the database can
rewrite all of it so that it fits together; it then no longer fits the repository. Branch and path are those of the
first entry. Commits that a rewritten history has lost, and that somebody accepted, are counted as underivable.

With --checkpoint or --checkpoint-ref, each chain must hold the very entries that were signed: a chain that was cut,
rewritten or forked since is named, however well it fits together. --checkpoint-signer says whose checkpoints count.

Exit code 0 when all is whole; 1 with the first break named: altered, deleted, inserted, reordered, truncated,
serving-unaudited, triggers-off, diverged-from-git, or with a checkpoint that is none; 3 when PostgreSQL or git is away.

Examples:
  $ halyard audit verify
  $ halyard audit verify --project acme/shop --format json
  $ halyard audit verify --repo https://github.com/acme/shop.git --git-token-file /run/secrets/git-token
  $ halyard audit verify --checkpoint ./checkpoints.jsonl --checkpoint-signer ./checkpoint-key.pub
  $ halyard audit verify --checkpoint-repo git@github.com:acme/proof.git --checkpoint-ref refs/halyard/checkpoints`;

/** The subcommand of `audit`. */
export function verifyCommand(): Command {
  const verify = new Command('verify')
    .exitOverride()
    .description('Proves that the audit is whole, or names the first break.')
    .option('--database-url <url>', 'the PostgreSQL to read')
    .option('--project <key>', 'the project, where the database has several')
    .option('--repo <url|path>', 'derive every entry again from this repository: https, ssh, file or a path')
    .option('--branch <name>', 'the branch, if it is called otherwise than in the first entry')
    .option('--path <folder>', 'where the definitions are, if elsewhere than the first entry says')
    .option('--checkpoint <file>', 'compare with the checkpoints in this file, one a line')
    .option('--checkpoint-ref <ref>', 'compare with all checkpoints that this ref ever held')
    .option('--checkpoint-repo <url|path>', 'where that ref is (default: --repo)')
    .option(
      '--checkpoint-signer <key>',
      'whose checkpoints count: a public key file or SHA256:…; repeatable',
      (value: string, before: string[]) => [...before, value],
      [],
    );
  return addGitOptions(verify)
    .option('--progress', 'show how far it is, even if standard error is no terminal')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { project, progress, format } = options;
  const repository = repositoryOptions(options);
  const checkpoints = await readCheckpoints(options, options.repo, mirrorOptions(options));
  const fault = checkpoints?.fault ?? lackOf(checkpoints, project);
  if (fault) {
    process.exitCode = EXIT.problems;
    return say(
      format === 'json' ? JSON.stringify({ whole: false, checkpoint: fault }) : checkpointFaultLine(fault),
    );
  }
  const line = new ProgressLine(process.stderr, Date.now);
  const isShown = progress || process.stderr.isTTY;
  const verification = await withDatabase(options.databaseUrl, (pool) =>
    verifyAudit(pool, {
      ...(project !== undefined && { project }),
      ...(repository && { repository }),
      ...(checkpoints && { checkpoints: checkpoints.held }),
      ...(isShown && { onProgress: (step) => line.show(step) }),
    }),
  )
    .catch(unreadable)
    .finally(() => line.end());
  if (verification.break) process.exitCode = EXIT.problems;
  if (format === 'json') say(JSON.stringify(asJson(verification)));
  else say(...verifyLines(verification));
}

/** Checkpoints of other projects alone prove nothing of the one that was named. */
function lackOf(
  checkpoints: Checkpoints | undefined,
  project: string | undefined,
): CheckpointFault | undefined {
  if (!checkpoints || project === undefined) return undefined;
  if (checkpoints.held.some((checkpoint) => checkpoint.project === project)) return undefined;
  return { source: 'what was given', message: `it holds no checkpoint of ${project}` };
}

function repositoryOptions({ repo, branch, path, ...git }: Options): RepositoryOptions | undefined {
  if (repo === undefined) {
    if (branch === undefined && path === undefined) return undefined;
    throw new UsageError('--branch and --path say where in a repository: name it with --repo.');
  }
  return {
    repo,
    ...mirrorOptions(git),
    ...(branch !== undefined && { branch: validBranch(branch) }),
    ...(path !== undefined && { path: normalPath(path) }),
  };
}

function asJson(verification: Verification): object {
  return { whole: verification.break === undefined, ...verification };
}
