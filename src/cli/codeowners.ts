// `halyard codeowners`: who is asked to review which file, from the definitions' owners.

import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { codeOwners } from '../authoring/codeowners.ts';
import { locateRepository } from '../git/source.ts';
import { printable, ticked } from '../lib/printable.ts';
import { EXIT } from './exit.ts';
import { loadOrReport } from './load-or-report.ts';
import { say } from './terminal.ts';

interface Options {
  path: string;
  prefix?: string;
  format: 'text' | 'json';
}

export function command(): Command {
  return new Command('codeowners')
    .summary('print CODEOWNERS from the owners of definitions')
    .description(
      'Prints lines for a CODEOWNERS file, so that the owner of a definition is asked to review its changes.',
    )
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option(
      '--prefix <text>',
      'what goes before an owner without `@` (default: @ and the organization of project.yaml, and /)',
      readPrefix,
    )
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
An owner \`payments\` of the project acme/shop is the team @acme/payments; \`@alice\` and \`alice@acme.example\` stay as they are.

Examples:
  $ halyard codeowners > .github/CODEOWNERS
  $ halyard codeowners --prefix @acme/feature-

Exit codes: 0 printed, 1 an owner or path that cannot be written, or definitions with errors, 2 wrong use, 3 not in a git repository.`,
    )
    .action(printOwners);
}

function readPrefix(text: string): string {
  if (text.startsWith('@')) return text;
  throw new InvalidArgumentError('It begins with `@`, such as @acme/ or @acme/team-.');
}

async function printOwners({ path, prefix, format }: Options): Promise<void> {
  const definitions = await loadOrReport(path, 'have no code owners');
  if (definitions === undefined) return;
  const { folder } = await locateRepository(resolve(path));
  const within = relative(folder, await realpath(path))
    .split(sep)
    .join('/');
  const [organization = ''] = definitions.project.project.split('/');
  const { lines, unfit } = codeOwners(definitions, within, prefix ?? `@${organization}/`);
  if (unfit.length > 0) process.exitCode = EXIT.problems;
  if (format === 'json') {
    say(JSON.stringify({ lines, unfit }, null, 2));
    return;
  }
  say('# Made by `halyard codeowners` from the owners of definitions.', ...lines);
  if (unfit.length === 0) return;
  const complaints = unfit.map(
    ({ path: file, owner, fault }) => `halyard: ${printable(file, 300)}: ${complaint(fault, owner)}`,
  );
  process.stderr.write(`${complaints.join('\n')}\n`);
}

function complaint(fault: 'owner' | 'path', owner: string): string {
  return fault === 'path'
    ? 'the path holds a character that no line of CODEOWNERS can hold. Rename it.'
    : `the owner ${ticked(owner)} is no user, team or e-mail address. Write \`@organization/team\`, or one word.`;
}
