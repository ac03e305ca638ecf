// `halyard sync accept-history`: an operator's word that a rewritten history is right.
import { Command } from 'commander';
import { acceptHistory } from '../../sync/accept-history.ts';
import { databaseUrl } from '../database-url.ts';
import { operatorName } from '../operator.ts';

interface Options {
  databaseUrl?: string;
  project?: string;
  actor?: string;
}

const EXAMPLES = `
Sync halts when the branch no longer holds the commit that was judged last. Look at what the branch holds now, then
accept it: sync goes on from there, and the chain keeps who accepted it.

Examples:
  $ halyard sync accept-history 4c1d5ab0f2
  $ halyard sync accept-history 4c1d5ab0f2e94c0b8e7d6f5a4b3c2d1e0f9a8b7c --project acme/shop --actor alice`;

/** The subcommand of `sync`. */
export function acceptHistoryCommand(): Command {
  return new Command('accept-history')
    .exitOverride()
    .description('Accepts a rewritten history, after which a halted sync goes on.')
    .argument('<sha>', 'the head to accept')
    .option('--database-url <url>', 'the PostgreSQL that sync applies to')
    .option('--project <key>', 'the project, where the database has several')
    .option('--actor <name>', 'who accepts (default: your user name and this machine)')
    .addHelpText('after', EXAMPLES)
    .action(accept);
}

async function accept(sha: string, options: Options): Promise<void> {
  const { project, entry, commit } = await acceptHistory({
    databaseUrl: await databaseUrl({ databaseUrl: options.databaseUrl }),
    commit: sha,
    actor: options.actor ?? operatorName(),
    at: new Date().toISOString(),
    ...(options.project !== undefined && { project: options.project }),
  });
  process.stdout.write(`accepted ${commit} as the history of ${project}, entry ${entry}\n`);
}
