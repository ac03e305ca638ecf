// `halyard override`: serves one variation to everyone past git for the hour in which git is down, audited and for a while.
import { Command } from 'commander';
import { liftCommand } from './override/lift.ts';
import { listCommand } from './override/list.ts';
import { patchCommand } from './override/patch.ts';
import { setCommand } from './override/set.ts';

const EXAMPLES = `
An override needs PostgreSQL alone: neither git, nor sync, nor a relay that is connected. It stands before everything that
the flag says, ends by itself after 24 h at most, and is an entry of the audit like any change.

Examples:
  $ halyard override set checkout --environment prod --serve off --for 4h --reason "payments time out" --key ~/.ssh/id_ed25519
  $ halyard override list
  $ halyard override lift checkout --environment prod --reason "mended" --key ~/.ssh/id_ed25519
  $ halyard override patch checkout | git apply`;

/** The subcommand `override`, with its own under it. */
export function command(): Command {
  return new Command('override')
    .summary('serve one variation to everyone for a while, past git')
    .description('Serves one variation to everyone for a while, past git: for the hour in which git is down.')
    .addHelpText('after', EXAMPLES)
    .addCommand(setCommand())
    .addCommand(liftCommand())
    .addCommand(listCommand())
    .addCommand(patchCommand());
}
