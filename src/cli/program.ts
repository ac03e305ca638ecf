// A program of subcommands: picks the one that is asked for, loads only that one, and turns every ending into an exit code.
import { Command, CommanderError } from 'commander';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import { VERSION } from '../lib/version.ts';
import { EXIT } from './exit.ts';

export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<{ command: () => Command }>;
}

/** Runs the process's command line. The process ends with the exit code when nothing is left to do. */
export async function runProgram(commands: readonly CommandEntry[]): Promise<void> {
  // A plain copy: for each look at its own, Node asks the operating system, and `yaml` looks once for each token.
  process.env = { ...process.env };
  // Whoever reads the output may have seen enough: `halyard check | head`.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exit(fail(`what it prints cannot be written (${code})`, EXIT.unreachable));
    process.exit();
  });
  process.exitCode = await exitCodeOf(process.argv.slice(2), commands);
}

async function exitCodeOf(args: string[], commands: readonly CommandEntry[]): Promise<number> {
  // A command's help is in the command, which is loaded only when it comes first.
  const argv = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
  const program = new Command('halyard')
    .description(
      'Feature flags raised from git: reviewed YAML, an audited PostgreSQL, a sidecar on localhost.',
    )
    .version(VERSION)
    // What follows a subcommand is that one's own, also where the command above it has an option of the same name.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nExit codes: 0 fine, 1 problems found, 2 wrong use or configuration, 3 something is unreachable.',
    )
    .exitOverride();
  const wanted = commands.find(({ name }) => name === argv[0]);
  if (wanted) {
    const { command } = await wanted.load();
    program.addCommand(throwing(command()));
  } else {
    for (const { name, summary } of commands) program.command(name).summary(summary).description(summary);
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? EXIT.fine);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.wrongUse;
    if (error instanceof UsageError) return fail(error.message, EXIT.wrongUse);
    if (error instanceof UnreachableError) return fail(error.message, EXIT.unreachable);
    throw error;
  }
}

/** Commands throw where they would end the process, those under them too. */
function throwing(command: Command): Command {
  for (const inner of command.commands) throwing(inner);
  return command.exitOverride();
}

function fail(message: string, code: number): number {
  process.stderr.write(`halyard: ${message}\n`);
  return code;
}
