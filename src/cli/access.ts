// `halyard access`: who may change what, and why a commit was or would be refused.
import { Command } from 'commander';
import { explainCommand } from './access/explain.ts';

/** The subcommand `access`, with `explain` under it. */
export function command(): Command {
  return new Command('access')
    .summary('say who may change what, and why a commit is refused')
    .description('Says who may change what, and why a commit was or would be refused.')
    .addCommand(explainCommand());
}
