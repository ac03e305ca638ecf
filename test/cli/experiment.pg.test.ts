// From the start of `halyard up` to a verdict and its conclusion, as the README goes, on the sample project's experiment.
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TRUTH } from '../../scripts/demo-traffic/shoppers.ts';
import type { Analysis } from '../../src/experiments/analysis.ts';
import type { GitRepository } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { until } from '../support/until.ts';
import { PROJECT_ROOT, sampleRepository, UpProcess } from '../support/up-process.ts';

const run = promisify(execFile);
const EXPERIMENT_FILE = 'flags/checkout/page-layout.yaml';
/** A larger effect needs fewer units: here everyone takes part, and 20 % suffice. */
const USERS = 6_000;
/** Intervals of 95 % miss the truth once in twenty times. With this seed none of the three does. */
const SEED = '11';

describe('the sample experiment', () => {
  let repository: GitRepository;
  let up: UpProcess;

  const halyard = (...args: string[]) =>
    run(process.execPath, [MAIN, ...args], {
      cwd: repository.folder,
      env: { ...process.env, NO_COLOR: '1' },
      maxBuffer: 1 << 26,
    });
  const traffic = (...args: string[]) =>
    run(process.execPath, [join(PROJECT_ROOT, 'scripts/demo-traffic.ts'), ...args], {
      cwd: repository.folder,
    });
  const analysis = async () =>
    JSON.parse((await halyard('analyze', 'page-layout', '--format', 'json')).stdout) as Analysis;

  beforeAll(async () => {
    repository = await sampleRepository();
    const yaml = await readFile(join(repository.folder, EXPERIMENT_FILE), 'utf8');
    await repository.commit('Fewer users suffice', {
      [EXPERIMENT_FILE]: yaml
        .replace('traffic: 50 ', 'traffic: 100 ')
        .replace('minimumEffect: 0.1 ', 'minimumEffect: 0.2 '),
    });
    up = await UpProcess.start({ folder: repository.folder });
  });
  afterAll(async () => {
    await up[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
  });

  test('up says where the collector is, and makes a key for units that are personal', async () => {
    expect(up.output).toMatch(/collector +http:\/\/127\.0\.0\.1:\d+/);
    const { mode, size } = await stat(join(repository.folder, '.halyard/unit.key'));
    expect([mode & 0o777, size]).toEqual([0o600, 64]);
  });

  test('traffic states its true effect and what to run next', async () => {
    const { stdout } = await traffic('--users', String(USERS), '--seed', SEED);
    expect(stdout).toContain('20 % with three steps, 23 % with the single page: +15 %');
    expect(stdout).toContain('npm run halyard -- analyze page-layout');
  }, 60_000);

  test('the analysis has a verdict, and its intervals cover the true effects', async () => {
    const { verdict, split, primary, secondary, guardrails, progress } = await analysis();
    expect(verdict).toEqual({ kind: 'better', arm: 'on' });
    expect(split.isBroken).toBe(false);
    expect(progress.isFinal).toBe(true);
    const results = [primary, ...secondary, ...guardrails];
    expect(results.map(({ metric }) => metric)).toEqual(['purchase', 'order-value', 'checkout-error']);
    for (const { metric, arms } of results) {
      const { lower, upper } = arms[0]?.liftInterval ?? { lower: null, upper: null };
      const { lift } = TRUTH[metric as keyof typeof TRUTH];
      expect(lower, metric).toBeLessThan(lift);
      expect(upper, metric).toBeGreaterThan(lift);
    }
  }, 60_000);

  test('a unit that took part is found with its arm, and another one is not', async () => {
    const { stdout } = await halyard('assignment', 'page-layout', `shopper-${SEED}-0`, '--format', 'json');
    expect(stdout).toMatch(/"arm": ?"(on|off)"/);
    await expect(halyard('assignment', 'page-layout', 'nobody')).rejects.toMatchObject({ code: 1 });
  });

  test('the same users again count nothing twice', async () => {
    const before = await analysis();
    await traffic('--users', '200', '--seed', SEED);
    const { primary, progress } = await analysis();
    expect(progress.units).toBe(before.progress.units);
    expect(primary.arms).toEqual(before.primary.arms);
  }, 60_000);

  test('plan --traffic tells of a metric whose event never came, and of an effect that takes too long to find', async () => {
    const experiment = (key: string, rest: string) =>
      `experiment: ${key}\nflag: new-cart\nstatus: draft\nenvironments: [prod]\ntraffic: 1\n` +
      `arms: [{ variation: off, weight: 50 }, { variation: on, weight: 50 }]\n${rest}\n`;
    const drafts = {
      'flags/refund.yaml': 'metric: refund\nevent: refund\ntype: binary\ndirection: decrease\n',
      'flags/unheard.yaml': experiment('unheard', 'metrics: { primary: refund }'),
      'flags/small.yaml': experiment(
        'small',
        'metrics: { primary: purchase }\nanalysis: { minimumEffect: 0.01 }',
      ),
    };
    for (const [file, text] of Object.entries(drafts)) await repository.edit(file, text);
    const warned = async (...args: string[]) => {
      const { stdout } = await halyard('plan', 'HEAD', '--format', 'json', ...args);
      const { warnings } = JSON.parse(stdout) as {
        warnings: { code: string; key: string; message: string }[];
      };
      return warnings.map(({ code, key, message }) => `${code} ${key}: ${message}`);
    };
    expect(await warned()).toEqual([]);
    expect(await warned('--traffic')).toEqual([
      expect.stringContaining(
        'metric-without-events unheard: No event `refund` came from `prod` in the last 14 days',
      ),
      expect.stringMatching(
        /^too-little-traffic small: `small` needs [\d,]+ units for its minimum effect of 1 %, and about \d+ a day take part/,
      ),
    ]);
    for (const file of Object.keys(drafts)) await rm(join(repository.folder, file));
  });

  test('concluding ships the winner: the folder passes check and its tests, and the flag serves it', async () => {
    await halyard('experiment', 'conclude', 'page-layout', '--ship', 'on', '--write');
    await halyard('check', '--strict');
    await halyard('test');
    const head = await repository.commit('Ship the single page');
    await up.prints(`applied   ${head.slice(0, 10)}`);
    const context = { targetingKey: `shopper-${SEED}-0`, plan: 'pro', country: 'DE' };
    await until(async () => (await up.evaluate('one-page-checkout', context)).value === true);
  });

  test('where it stops, collector and relay go before PostgreSQL, and nothing is left in the spool', async () => {
    up.signal('SIGINT', 'group');
    expect(await up.ended()).toBe(0);
    expect(up.errors).toBe('');
    const spool = await readdir(join(repository.folder, '.halyard/spool'), { recursive: true });
    expect(spool.filter((name) => name.endsWith('.events'))).toEqual([]);
    const log = await readFile(join(repository.folder, '.halyard/collector.log'), 'utf8');
    expect(log).toContain('"message":"stopped"');
    expect(log).not.toContain('"level":"error"');
  });
});
