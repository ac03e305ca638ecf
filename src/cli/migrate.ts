// `halyard migrate`: brings a database to the schema that this program works with.
import { Command, Option } from 'commander';
import { migrate } from '../db/migrate.ts';
import { ROLES, ROLES_FILE } from '../db/roles.ts';
import { databaseUrl } from './database-url.ts';

interface Options {
  databaseUrl?: string;
  roles: boolean;
  format: 'text' | 'json';
}

const EXAMPLES = `
Each migration runs in a transaction, and two migrators at once do no harm. The login must own the schema \`halyard\`,
or be allowed to make it; the first time also to create roles: ${ROLES.join(', ')} are the groups for
the logins of services, and each time they are given exactly what those need. With --no-roles they are left alone, and
it says what is left to do. The database comes from --database-url, else HALYARD_DATABASE_URL, else the server that \`halyard up\` runs
for this folder.

Examples:
  $ halyard migrate --database-url postgres://owner@localhost:5432/halyard
  $ HALYARD_DATABASE_URL=postgres://owner@db/halyard halyard migrate
  $ halyard migrate --no-roles --database-url postgres://owner@managed.example.com/halyard`;

/** The subcommand `migrate`. */
export function command(): Command {
  return new Command('migrate')
    .description('Brings the database to the present schema, and prints what it applied.')
    .option('--database-url <url>', 'the PostgreSQL to migrate')
    .option('--no-roles', 'make no roles and grant nothing, where the login may not')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run({ databaseUrl: url, roles, format }: Options): Promise<void> {
  const applied = await migrate(await databaseUrl({ databaseUrl: url }), { roles });
  if (format === 'json') {
    process.stdout.write(`${JSON.stringify({ applied, roles: roles ? ROLES : [] })}\n`);
    return;
  }
  const lines = applied.map(({ version, name }) => `applied ${String(version).padStart(4, '0')} ${name}`);
  if (applied.length === 0) lines.push('Nothing to do: the schema is up to date.');
  lines.push(roles ? `granted ${ROLES.join(', ')}` : LEFT_TO_DO);
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

const LEFT_TO_DO = `No roles were made and nothing was granted. Unless that was done before, only this login may use the database.
To give sync, relays and readers logins of their own, have an administrator run, in this database,
    psql -1 -v ON_ERROR_STOP=1 -f ${ROLES_FILE}
and create logins in ${ROLES.join(', ')}.`;
