// Starts whole relays for tests, on free ports, with a log that is read back.
import { type Relay, startRelay } from '../../src/relay/main.ts';
import type { RelayOptions } from '../../src/relay/options.ts';
import { readableLog } from './support.ts';

export interface TestRelay extends Relay {
  lines: () => string[];
  evaluate: (flag: string, context?: object) => Promise<{ [member: string]: unknown }>;
  statusNow: () => { [member: string]: unknown };
}

export async function relay(options: Partial<RelayOptions> & { source: string }): Promise<TestRelay> {
  const { log, lines } = readableLog();
  const started = await startRelay({
    environment: 'prod',
    listen: '127.0.0.1:0',
    version: '0.0.0',
    instanceId: 'test',
    log,
    ...options,
  });
  const ready = withDeadline(started.ready, () => lines().join(''));
  // A test that does not wait for it is not failed by it.
  ready.catch(() => undefined);
  return {
    ...started,
    ready,
    lines,
    evaluate: async (flag, context = {}) => {
      const response = await fetch(`${started.url}/v1/evaluate/${flag}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ context }),
      });
      return (await response.json()) as { [member: string]: unknown };
    },
    statusNow: () => started.status() as { [member: string]: unknown },
  };
}

/** Rejects where a relay does not become ready, with what its log says. */
async function withDeadline(ready: Promise<void>, log: () => string): Promise<void> {
  let overdue: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((_, reject) => {
    overdue = setTimeout(() => reject(new Error(`the relay is not ready: ${log()}`)), 30_000);
  });
  await Promise.race([ready, deadline]).finally(() => clearTimeout(overdue));
}
