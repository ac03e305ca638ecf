// What `npm run demo:traffic` is asked for.
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_LISTEN } from '../../src/relay/options.ts';

export interface DemoOptions {
  users: number;
  seed: number;
  /** Users a second at most; absent: as fast as the relay answers. */
  rate?: number;
  /** URL; absent: that of the `npm start` that runs in this folder. */
  relay?: string;
}

export const DEFAULT_RELAY = `http://${DEFAULT_LISTEN}`;
/** More than the sample’s planned size asks for: that is 6,500 to 9,000 for each arm, of the half that takes part. */
const USERS = 40_000;
const SEED = 7;

const HELP = `
Synthetic users ask the relay that \`npm start\` runs which checkout to show, and it is told what they then do, with a
true effect that is printed: hold against it what \`npm run halyard -- analyze page-layout\` says.
The same seed makes the same users, and nothing that they do counts twice. Another seed brings others. Of a hundred
seeds, each in a database of its own, some five have a 95 % interval that misses the true effect: that is what 95 % means.

Examples:
  $ npm run demo:traffic
  $ npm run demo:traffic -- --users 5000             # too few for a verdict, for now
  $ npm run demo:traffic -- --seed 8 --rate 200`;

export function demoCommand(run: (options: DemoOptions) => Promise<void>): Command {
  return new Command('demo:traffic')
    .description('Sends traffic of synthetic users through the sample project’s experiment.')
    .option('--users <count>', 'how many users come', readCount, USERS)
    .option('--seed <number>', 'which users these are', readCount, SEED)
    .option('--rate <count>', 'users a second at most (default: as fast as it goes)', readCount)
    .option('--relay <url>', `the relay (default: that of \`npm start\`, else ${DEFAULT_RELAY})`, readUrl)
    .addHelpText('after', HELP)
    .action(run);
}

function readCount(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= 1) return count;
  throw new InvalidArgumentError('It is a whole number from 1 to 9,999,999.');
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).origin;
  throw new InvalidArgumentError(`It is a URL, ${DEFAULT_RELAY} say.`);
}
