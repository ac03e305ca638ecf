// Faults of the machine's clock: schedules follow it, and nothing that counts time does.
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { FaultRow } from './fault.ts';
import { onProcess } from './play.ts';
import type { RelayProcess } from './relay-process.ts';
import { asked, eventually, expectWell, flagOf, metricOf, statusOf } from './stage.ts';

const CLOCK = fileURLToPath(new URL('./clock.ts', import.meta.url));
const HOUR_MS = 3_600_000;

/** What depends on time: a rule that begins in twelve hours, a ramp that begins then, and an override that ends then. */
function timedFlags(nowMs: number) {
  const noon = new Date(nowMs + 12 * HOUR_MS).toISOString();
  const off = { fallthrough: { serve: 'off' } };
  const rule = { ...off, rules: [{ from: noon, then: { serve: 'now' } }] };
  return [
    { ...flagOf(1, rule), key: 'rule' },
    { ...flagOf(1, { ...off, override: { serve: 'now', until: noon } }), key: 'override' },
  ];
}

export const clock: FaultRow = {
  name: 'the clock is set a day forward, and then two days back',
  users: 'what schedules say of that time',
  operator: 'ages go on as if nothing were; nothing is stale',
  play: () =>
    onProcess(
      ({ url }) => ({ source: url, node: ['--import', CLOCK] }),
      async ({ relay, commits }) => {
        await expectWell(relay, await commits.next(timedFlags(Date.now())));
        await asked(relay, commits, async () => {
          await expectTimed(relay, [-1, 1], 1);
          for (const [set, values, overrides] of [
            [1, [1, -1], 0],
            [2, [-1, 1], 1],
            [3, [-1, 1], 1],
          ] as const) {
            relay.signal('SIGUSR2');
            await eventually(() => relay.lines().filter((line) => line.includes('clock set')).length === set);
            await expectTimed(relay, values, overrides);
            await expectWell(relay, await commits.next());
          }
        });
      },
    ),
};

/** Sees what the timed flags answer, and that nothing counts time by the clock. */
async function expectTimed(relay: RelayProcess, values: readonly number[], overrides: number): Promise<void> {
  const response = await fetch(`${relay.url}/v1/evaluate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ context: { targetingKey: 'x' }, flags: ['rule', 'override'] }),
  });
  const { flags } = (await response.json()) as { flags: { [key: string]: { value: unknown } } };
  expect([flags.rule?.value, flags.override?.value]).toEqual(values);
  const { ageMs, uptimeMs, stale } = await statusOf(relay);
  const seconds = [
    ageMs,
    uptimeMs,
    ((await metricOf(relay, 'halyard_snapshot_age_seconds')) ?? Number.NaN) * 1_000,
  ];
  for (const elapsed of seconds) {
    expect(elapsed).toBeGreaterThanOrEqual(0);
    expect(elapsed).toBeLessThan(HOUR_MS);
  }
  expect(stale).toBe(false);
  expect(await metricOf(relay, 'halyard_overrides')).toBe(overrides);
}
