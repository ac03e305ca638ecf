// A relay behind a relay: what it takes, what it refuses, and that it says how fresh all that is.
import { describe, expect, it } from 'vitest';
import { createFolder, flagFile, projectFile } from './folder.ts';
import { relay, type TestRelay } from './start.ts';
import { until } from './support.ts';
import { TcpProxy } from './tcp-proxy.ts';

const files = { 'project.yaml': projectFile, 'a.yaml': flagFile('a', 'on'), 'b.yaml': flagFile('b', 'on') };
const servedValue = async (served: TestRelay, flag: string) => (await served.evaluate(flag)).value;
const sourceOf = (served: TestRelay) =>
  served.statusNow().source as { kind: string; state: string; lastError?: { code: string; message: string } };
const isCurrent = (served: TestRelay) => served.statusNow().stale === false;

describe('a relay behind a relay over a folder', () => {
  it('serves what that serves, and follows its changes, deletions and restarts', async () => {
    await using folder = await createFolder(files);
    const source = `directory:${folder.path}`;
    let first = await relay({ source });
    await using proxy = await TcpProxy.open(first.url);
    await using second = await relay({ source: proxy.urlOf(first.url) });
    await second.ready;
    expect(second.statusNow()).toMatchObject({
      project: 'acme/shop',
      flags: 2,
      source: { kind: 'upstream' },
    });
    await folder.write({ 'a.yaml': flagFile('a', 'off') });
    await until(async () => (await servedValue(second, 'a')) === false);
    await folder.write({ 'b.yaml': null, 'c.yaml': flagFile('c', 'on') });
    await until(async () => (await second.evaluate('b')).errorCode === 'FLAG_NOT_FOUND');
    expect([await servedValue(second, 'a'), await servedValue(second, 'c')]).toEqual([false, true]);
    const { revision } = second.statusNow();

    // Its successor counts from 1 again, and this one goes on.
    await first.stop();
    await until(() => sourceOf(second).lastError?.code === 'http');
    expect(await servedValue(second, 'c')).toBe(true);
    await folder.write({ 'a.yaml': flagFile('a', 'on') });
    first = await relay({ source, listen: new URL(first.url).host });
    await until(async () => (await servedValue(second, 'a')) === true);
    expect(second.statusNow().revision).toBeGreaterThan(revision as number);
    await until(() => isCurrent(second));
    await first.stop();
  });
});
