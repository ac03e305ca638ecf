// An override as apps see it, through a relay that is a process of its own: at once, when the relay is back, and not after its end.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { TcpProxy } from '../../relay/tcp-proxy.ts';
import { temporaryFolder } from '../../support/git-repository.ts';
import { MAIN } from '../../support/main-file.ts';
import { until } from '../../support/until.ts';
import { Shop } from './shop.ts';

/** `halyard relay --environment prod` on a free port. */
class RelayProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  #log = '';

  constructor(source: string, cache: string) {
    const options = [
      '--environment',
      'prod',
      '--source',
      source,
      '--cache',
      cache,
      '--listen',
      '127.0.0.1:0',
    ];
    this.#child = spawn(process.execPath, [MAIN, 'relay', ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.#log += chunk;
    });
  }

  async url(): Promise<string> {
    await until(() => /"url":"([^"]+)"/.test(this.#log));
    return /"url":"([^"]+)"/.exec(this.#log)?.[1] ?? '';
  }

  async decision(): Promise<{ variation?: string; metadata: { override?: string; commit?: string } }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${await this.url()}/v1/evaluate/checkout`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    return (await answer.json()) as Awaited<ReturnType<RelayProcess['decision']>>;
  }

  async gives(variation: string): Promise<void> {
    await until(async () => (await this.decision()).variation === variation);
  }

  async status() {
    const answer = await fetch(`${await this.url()}/v1/status`);
    return (await answer.json()) as { overrides: object[]; stale: boolean; revision: number };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    if (this.#child.exitCode === null && this.#child.kill('SIGTERM')) await ended;
  }
}

test('I8, I11: a relay serves an override, gets one that was set while it was away, and ends it with nothing else up', async () => {
  await using shop = await Shop.create();
  await using proxy = await TcpProxy.open(shop.database.url);
  const cache = await temporaryFolder('halyard-cache-');
  const [{ commit } = { commit: '' }] = (
    await shop.pool.query<{ commit: string }>(
      `select commit from halyard.snapshot_head where environment = 'prod'`,
    )
  ).rows;
  try {
    {
      await using relay = new RelayProcess(proxy.urlOf(shop.database.url), cache);
      await relay.gives('on');
      const { content } = await shop.set();
      await relay.gives('off');
      // The definitions are still those of the commit.
      expect(await relay.decision()).toMatchObject({
        reason: 'STATIC',
        metadata: { override: content.until, commit },
      });
      expect(await relay.status()).toMatchObject({
        revision: 2,
        overrides: [{ flag: 'checkout', serve: 'off', until: content.until }],
      });
      await shop.lift();
      await relay.gives('on');
      expect(await relay.status()).toMatchObject({ overrides: [] });

      proxy.cut();
      await shop.set();
      expect(await relay.decision()).toMatchObject({ variation: 'on' });
      proxy.heal();
      await relay.gives('off');

      // Set a while ago: it ends some seconds from now.
      await shop.set({ forMs: 60_000 }, { now: () => Date.now() - 55_000 });
      await until(async () => (await relay.status()).revision === 5);
      proxy.cut();
    }
    // With PostgreSQL away it starts from its disk.
    await using relay = new RelayProcess(proxy.urlOf(shop.database.url), cache);
    const end = Date.parse((await shop.body()).override?.until ?? '');
    const { overrides } = await relay.status();
    if (Date.now() < end) expect(overrides).toHaveLength(1);
    await relay.gives('on');
    expect(Date.now()).toBeGreaterThanOrEqual(end);
    expect(await relay.status()).toMatchObject({ stale: true, revision: 5, overrides: [] });
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});
