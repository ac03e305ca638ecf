// The life of a service in its process: real signals to a real process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { within } from '../../src/io/lifecycle.ts';
import { until } from '../support/until.ts';

const MODULE = new URL('../../src/io/lifecycle.ts', import.meta.url).href;

/** A service that says what happens to it, and takes a while to stop. */
function service({ stopMs = 0, reload = false, stopWithinMs = 5_000 } = {}) {
  const script = `import { aborted, runUntilStopped } from ${JSON.stringify(MODULE)};
    await runUntilStopped(async (signal) => {
      console.log('runs');
      const alive = setInterval(() => {}, 1000);
      await aborted(signal);
      await new Promise((done) => setTimeout(done, ${stopMs}));
      clearInterval(alive);
      console.log('stopped');
    }, {
      stopWithinMs: ${stopWithinMs},
      onStop: (reason) => console.log('asked by ' + reason),
      ${reload ? "onReload: () => console.log('reloaded')," : ''}
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  return {
    said,
    async send(...signals: NodeJS.Signals[]) {
      await until(() => said.out.includes('runs'));
      for (const signal of signals) child.kill(signal);
    },
    says: (text: string) => until(() => said.out.includes(text)),
    exitCode: async () => (await once(child, 'close'))[0] as number | null,
  };
}

describe('a service', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops in order at %s', async (signal) => {
    const running = service();
    await running.send(signal);
    expect(await running.exitCode()).toBe(0);
    expect(running.said.out).toBe(`runs\nasked by ${signal}\nstopped\n`);
  });

  it('takes no harm from a second signal', async () => {
    const running = service({ stopMs: 200 });
    await running.send('SIGTERM', 'SIGINT', 'SIGTERM');
    expect(await running.exitCode()).toBe(0);
    expect(running.said.out.match(/asked/g)).toHaveLength(1);
    expect(running.said.out).toContain('stopped');
  });

  it('rereads at SIGHUP where it can', async () => {
    const running = service({ reload: true });
    await running.send('SIGHUP');
    await running.says('reloaded');
    await running.send('SIGTERM');
    expect(await running.exitCode()).toBe(0);
  });

  it('that does not stop in time is ended, with exit code 1', async () => {
    const running = service({ stopMs: 60_000, stopWithinMs: 100 });
    await running.send('SIGTERM');
    expect(await running.exitCode()).toBe(1);
    expect(running.said.err).toContain('did not stop within 0.1 s');
  });
});

it('waiting ends with the work or with the time, whichever is first', async () => {
  expect(await within(60_000, Promise.resolve())).toBe(true);
  expect(await within(5, new Promise(() => {}))).toBe(false);
  await expect(within(60_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
});
