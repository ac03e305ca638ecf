// `npm run demo:traffic`: synthetic users for the sample project's experiment, with a true effect that is known.
import { upFile } from '../src/cli/database-url.ts';
import { counted, say, styled } from '../src/cli/terminal.ts';
import { UnreachableError, UsageError } from '../src/lib/errors.ts';
import { App } from './demo-traffic/app.ts';
import { DEFAULT_RELAY, type DemoOptions, demoCommand } from './demo-traffic/options.ts';
import { TRUTH } from './demo-traffic/shoppers.ts';
import { EXPERIMENT, FLAG, type Sent, sendTraffic } from './demo-traffic/traffic.ts';

const TELL_EVERY_MS = 2_000;

await demoCommand(run)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof UsageError || error instanceof UnreachableError)) throw error;
    process.stderr.write(`demo:traffic: ${error.message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 3;
  });

async function run(options: DemoOptions): Promise<void> {
  const relay = options.relay ?? (await upFile(process.cwd()))?.relay ?? DEFAULT_RELAY;
  const app = new App(relay);
  say(
    `${counted(options.users, 'user')} (seed ${options.seed}) ask ${relay} for ${FLAG}.`,
    ...truth('What is true of them'),
    '',
  );
  const startedMs = performance.now();
  const sent = await sendTraffic(app, options, progress(options.users, startedMs));
  const isDelivered = await app.delivered();
  const seconds = (performance.now() - startedMs) / 1_000;
  const arms = [...sent.arms].sort().map(([arm, count]) => `${count.toLocaleString('en')} ${arm}`);
  say(
    `${counted(sent.users, 'user')} and ${counted(sent.events, 'event')} in ${seconds.toFixed(1)} s; in the experiment: ${arms.join(', ')}.`,
    ...(app.waited > 0 ? [`The relay asked to come back later ${counted(app.waited, 'time')}.`] : []),
    ...(isDelivered ? [] : ['Not all of it is in PostgreSQL yet: the collector is slow, or away.']),
    '',
    ...truth('What an analysis should find'),
    '',
    `See what it does find:  ${styled('bold', `npm run halyard -- analyze ${EXPERIMENT}`)}`,
  );
}

/** The true effect of the single page, in words. */
function truth(title: string): string[] {
  const { purchase, 'checkout-error': errors } = TRUTH;
  return [
    `${title}:`,
    `  purchase        ${change(purchase.baseline, purchase.lift)}`,
    '  order-value     the same with both',
    `  checkout-error  ${change(errors.baseline, errors.lift)}`,
  ];
}

function change(baseline: number, lift: number): string {
  const percent = (share: number) => `${Number((share * 100).toFixed(2))} %`;
  const sign = lift < 0 ? '−' : '+';
  return `${percent(baseline)} with three steps, ${percent(baseline * (1 + lift))} with the single page: ${sign}${percent(Math.abs(lift))}`;
}

function progress(users: number, startedMs: number): (sent: Sent) => void {
  let toldMs = startedMs;
  return (sent) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < TELL_EVERY_MS || sent.users === users) return;
    toldMs = nowMs;
    const rate = Math.round(sent.users / ((nowMs - startedMs) / 1_000));
    say(
      styled(
        'dim',
        `  ${sent.users.toLocaleString('en')} of ${counted(users, 'user')}, ${rate.toLocaleString('en')} a second`,
      ),
    );
  };
}
