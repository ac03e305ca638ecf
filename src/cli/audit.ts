// `halyard audit`: the log of all that was done, one entry whole, and the proof that nobody has tampered with it.
import { Command, InvalidArgumentError, Option } from 'commander';
import { chooseProject, type LogFilter, listEntries, PAGE_SIZE, readEntry } from '../audit/log.ts';
import { type Tx, withTransaction } from '../db/transaction.ts';
import { parseDurationMs } from '../lib/duration.ts';
import { UsageError } from '../lib/errors.ts';
import { checkpointCommand } from './audit/checkpoint.ts';
import { withDatabase } from './audit/database.ts';
import { logLines } from './audit/log-text.ts';
import { showLines } from './audit/show-text.ts';
import { verifyCommand } from './audit/verify.ts';

interface Common {
  databaseUrl?: string;
  project?: string;
  format: 'text' | 'json';
}

interface LogOptions extends Common, Omit<LogFilter, 'project'> {}

const EXAMPLES = `
The database comes from --database-url, else HALYARD_DATABASE_URL, else the server that \`halyard up\` runs for this
folder. With one project in it, --project may be left out.

Examples:
  $ halyard audit log --flag checkout --environment prod --since 2026-01-01
  $ halyard audit log --author alice --format json
  $ halyard audit show 42
  $ halyard audit verify`;

const LOG_EXAMPLES = `
Newest first, ${PAGE_SIZE} a page.

Examples:
  $ halyard audit log
  $ halyard audit log --flag checkout --environment prod
  $ halyard audit log --author alice@example.com --since 48h
  $ halyard audit log --before 117`;

const SHOW_EXAMPLES = `
Examples:
  $ halyard audit show 42
  $ halyard audit show 42 --project acme/shop --format json`;

/** The subcommand `audit`, with `log`, `show`, `verify` and `checkpoint` under it. */
export function command(): Command {
  const audit = new Command('audit')
    .description('Reads and verifies the audit chain.')
    .addHelpText('after', EXAMPLES);
  common(audit.command('log'))
    .description('Lists what was done, newest first.')
    .option('--flag <key>', 'entries that changed this flag')
    .option('--environment <name>', 'entries that changed something there')
    .option('--author <text>', "entries whose author's or signer's name or mail contains this")
    .option('--since <when>', 'recorded since a date, an instant (RFC 3339) or a time ago (48h)', readSince)
    .option('--before <entry>', 'entries before this number: the next page', readEntryNumber)
    .addHelpText('after', LOG_EXAMPLES)
    .action(log);
  common(audit.command('show'))
    .description('Shows one entry with its changes, its problems and its evidence.')
    .argument('<entry>', 'the number of the entry', readEntryNumber)
    .addHelpText('after', SHOW_EXAMPLES)
    .action(show);
  audit.addCommand(verifyCommand());
  audit.addCommand(checkpointCommand());
  return audit;
}

function common(subcommand: Command): Command {
  return subcommand
    .exitOverride()
    .option('--database-url <url>', 'the PostgreSQL to read')
    .option('--project <key>', 'the project, where the database has several')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'));
}

async function log({ databaseUrl: url, project: named, format, ...filter }: LogOptions): Promise<void> {
  const { project, entries } = await reading(url, async (tx) => {
    const project = await chooseProject(tx, named);
    return { project, entries: await listEntries(tx, { ...filter, project }) };
  });
  const next = entries.length === PAGE_SIZE ? entries.at(-1)?.entry : undefined;
  if (format === 'json') return print(JSON.stringify({ project, entries, ...(next && { before: next }) }));
  print(...logLines(entries));
  if (entries.length === 0) print('No entry.');
  if (next !== undefined && next > 1) print(`Older ones: add --before ${next}`);
}

async function show(number: number, { databaseUrl: url, project: named, format }: Common): Promise<void> {
  const { project, entry } = await reading(url, async (tx) => {
    const project = await chooseProject(tx, named);
    return { project, entry: await readEntry(tx, project, number) };
  });
  if (!entry)
    throw new UsageError(`${project} has no entry ${number}. List them with \`halyard audit log\`.`);
  if (format === 'json') return print(JSON.stringify(entry));
  print(...showLines(entry));
}

/** What several statements read is one state of the database. */
function reading<T>(url: string | undefined, read: (tx: Tx) => Promise<T>): Promise<T> {
  return withDatabase(url, (pool) =>
    withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, read),
  );
}

function print(...lines: string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function readEntryNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected the number of an entry, 42 say.');
}

function readSince(text: string): Date {
  const agoMs = parseDurationMs(text);
  if (agoMs !== undefined) return new Date(Date.now() - agoMs);
  const at = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError('Expected 2026-01-31, 2026-01-31T08:00:00Z or 48h.');
}
