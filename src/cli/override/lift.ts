// `halyard override lift`: ends an override before its time, or clears one away that has ended.
import { Command } from 'commander';
import type { WrittenOverride } from '../../sync/override/write.ts';
import { styled } from '../terminal.ts';
import { provenance, type WritingOptions, withWritingOptions, write } from './writing.ts';

const EXAMPLES = `
Whoever may set an override may lift it, also one that somebody else has set. One that has ended is carried along by
commits, without any effect, until it is lifted.

Examples:
  $ halyard override lift checkout --environment prod --reason "mended" --key ~/.ssh/id_ed25519

Exit codes: 0 lifted, 1 refused by the policy, 2 wrong use or nothing to lift, 3 PostgreSQL is away.`;

export function liftCommand(): Command {
  return withWritingOptions(
    new Command('lift')
      .description('Ends an override: from now on the flag decides again.')
      .argument('<flag>', 'the key of the flag'),
  )
    .addHelpText('after', EXAMPLES)
    .action((flag: string, options: WritingOptions) => {
      const { environment, reason } = options;
      return write({ action: 'lift', flag, environment, reason }, options, lines);
    });
}

function lines(written: WrittenOverride): string[] {
  const { content, before } = written;
  const { flag, environment, at } = content;
  const subject = styled('bold', `${flag} in ${environment}`);
  const ended = before !== undefined && Date.parse(before.until) <= Date.parse(at);
  const was = before
    ? `The override to ${before.serve} ${ended ? 'ended at' : 'was to end at'} ${before.until}.`
    : '';
  return [`${subject} decides as its definition says  (${provenance(written)})`, was];
}
