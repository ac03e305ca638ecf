// `halyard experiment`: what is done with an experiment itself, rather than with its result.
import { Command } from 'commander';
import { concludeCommand } from './experiment/conclude.ts';

/** The subcommand `experiment`, with `conclude` under it. */
export function command(): Command {
  return new Command('experiment')
    .summary('end an experiment, and ship an arm of it')
    .description('Ends an experiment, and ships an arm of it.')
    .addCommand(concludeCommand());
}
