// `halyard override list`: which overrides stand, for how long yet, who set them and why.
import { Command, Option } from 'commander';
import { printable } from '../../lib/printable.ts';
import { type ListedOverride, listOverrides } from '../../sync/override/list.ts';
import { databaseUrl } from '../database-url.ts';
import { say, styled } from '../terminal.ts';

interface Options {
  project?: string;
  databaseUrl?: string;
  format: 'text' | 'json';
}

const EXAMPLES = `
Those that have ended are listed too while a flag still carries them: a commit cannot remove the variation that they name.

Examples:
  $ halyard override list
  $ halyard override list --format json | jq -r '.overrides[] | select(.stands) | .flag'`;

export function listCommand(): Command {
  return new Command('list')
    .description('Lists the overrides of all environments, with who set them and why.')
    .option('--project <key>', 'the project, where the database has several')
    .option('--database-url <url>', 'the PostgreSQL to read')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(list);
}

async function list({ project: named, databaseUrl: url, format }: Options): Promise<void> {
  const nowMs = Date.now();
  const listed = await listOverrides(await databaseUrl({ databaseUrl: url }), named, nowMs);
  if (format === 'json') return say(JSON.stringify(listed));
  if (listed.overrides.length === 0) return say(`No flag of ${listed.project} has an override.`);
  say(...listed.overrides.flatMap((override) => lines(override, nowMs)));
}

function lines(override: ListedOverride, nowMs: number): string[] {
  const { flag, environment, serve, until, stands, entry, at, actor, signature, reason } = override;
  const leftMs = Date.parse(until) - nowMs;
  const subject = `${flag} in ${environment}`;
  const signed =
    signature.fingerprint === undefined ? 'unsigned' : `${signature.status} ${signature.fingerprint}`;
  return [
    stands
      ? `${styled('bold', subject)} serves ${serve} until ${until}  (${duration(leftMs)} left)`
      : `${styled('dim', subject)} served ${serve} until ${until}, and decides by itself again`,
    `    entry ${entry}  ${at}  ${printable(actor, 120)} (${signed})`,
    `    ${printable(reason, 500)}`,
  ];
}

/** `3 h 12 min`, `5 min`, `40 s`. */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
