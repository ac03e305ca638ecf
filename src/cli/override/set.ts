// `halyard override set`: an emergency override of one flag in one environment.
import { Command, InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../../lib/duration.ts';
import type { WrittenOverride } from '../../sync/override/write.ts';
import { styled } from '../terminal.ts';
import { provenance, type WritingOptions, withWritingOptions, write } from './writing.ts';

type Options = WritingOptions & { serve: string; for: number };

const EXAMPLES = `
It takes the place of an override that stands already. Where an access policy is applied, it must be signed with --key, and
the first rule that fits the signer must let them \`override\` the flag's file there, without approvals.

Examples:
  $ halyard override set checkout --environment prod --serve off --for 4h --reason "payments time out" --key ~/.ssh/id_ed25519
  $ halyard override set search --environment prod --serve classic --for 30m --reason "the index is being rebuilt"

Exit codes: 0 set, 1 refused by the policy, 2 wrong use, 3 PostgreSQL is away.`;

export function setCommand(): Command {
  return withWritingOptions(
    new Command('set')
      .description('Serves one variation to everyone in an environment, whatever the flag says, for a while.')
      .argument('<flag>', 'the key of the flag')
      .requiredOption('--serve <variation>', 'the variation that everyone gets')
      .requiredOption('--for <duration>', 'how long, from 1m to 24h', readDuration),
  )
    .addHelpText('after', EXAMPLES)
    .action((flag: string, options: Options) => {
      const { environment, reason, serve, for: forMs } = options;
      return write({ action: 'set', flag, environment, serve, forMs, reason }, options, lines);
    });
}

function lines(written: WrittenOverride): string[] {
  const { content, before } = written;
  const { flag, environment, serve, until } = content;
  const subject = styled('bold', `${flag} in ${environment}`);
  return [
    `${subject} serves ${serve} to everyone until ${until}  (${provenance(written)})`,
    ...(before ? [`In place of the override to ${before.serve} until ${before.until}.`] : []),
    '',
    'It ends by itself, and stands until then whatever is merged. Relays that are away get it when they are back.',
    `To end it sooner:   halyard override lift ${flag} --environment ${environment} --reason "…"`,
    `To make it stay:    halyard override patch ${flag} --environment ${environment} | git apply`,
  ];
}

function readDuration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('It is a duration, 30m or 4h say.');
}
