// `halyard migrate`: brings a database to the schema that this program works with.
import { Command, Option } from 'commander';
import { migrate } from '../db/migrate.ts';
import { databaseUrl } from './database-url.ts';

interface Options {
  databaseUrl?: string;
  format: 'text' | 'json';
}

const EXAMPLES = `
Each migration runs in a transaction, and two migrators at once do no harm. The role must own the schema \`halyard\`,
or be allowed to make it. The database comes from --database-url, else HALYARD_DATABASE_URL, else the server that
\`halyard up\` runs for this folder.

Examples:
  $ halyard migrate --database-url postgres://owner@localhost:5432/halyard
  $ HALYARD_DATABASE_URL=postgres://owner@db/halyard halyard migrate`;

/** The subcommand `migrate`. */
export function command(): Command {
  return new Command('migrate')
    .description('Brings the database to the present schema, and prints what it applied.')
    .option('--database-url <url>', 'the PostgreSQL to migrate')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const applied = await migrate(await databaseUrl({ databaseUrl: options.databaseUrl }));
  if (options.format === 'json') {
    process.stdout.write(`${JSON.stringify({ applied })}\n`);
    return;
  }
  for (const { version, name } of applied) {
    process.stdout.write(`applied ${String(version).padStart(4, '0')} ${name}\n`);
  }
  if (applied.length === 0) process.stdout.write('Nothing to do: the schema is up to date.\n');
}
