// The directory source: real folders, changed as editors, checkouts and Kubernetes change them.
import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceNews } from '../../src/relay/source.ts';
import { DirectorySource } from '../../src/relay/sources/directory.ts';
import { createFolder, flagFile, projectFile, shop } from './folder.ts';
import { relay } from './start.ts';
import { until } from './support.ts';

describe('a relay over a folder', () => {
  it('answers anew after a file is changed, added, moved or deleted', async () => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    const value = async (flag: string) => (await served.evaluate(flag)).value;
    expect(await value('truth')).toBe(true);
    await folder.write({ 'checkout/truth.yaml': flagFile('truth', 'off') });
    await until(
      () => value('truth'),
      (now) => now === false,
    );
    await folder.write({ 'new/fresh.yaml': flagFile('fresh', 'on') });
    await until(
      () => value('fresh'),
      (now) => now === true,
    );
    await rename(join(folder.path, 'new'), join(folder.path, 'old'));
    await folder.write({ 'old/fresh.yaml': flagFile('fresh', 'off') });
    await until(
      () => value('fresh'),
      (now) => now === false,
    );
    await folder.write({ 'old/fresh.yaml': null });
    await until(
      async () => (await served.evaluate('fresh')).errorCode,
      (now) => now === 'FLAG_NOT_FOUND',
    );
    expect(served.statusNow()).toMatchObject({
      project: 'acme/shop',
      stale: false,
      source: { state: 'current' },
    });
  });

  it('sees changes in folders whose names begin with a dot, too', async () => {
    await using folder = await createFolder({ ...shop, '.teams/hidden.yaml': flagFile('hidden', 'on') });
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    expect(await served.evaluate('hidden')).toMatchObject({ value: true });
    await folder.write({ '.teams/hidden.yaml': flagFile('hidden', 'off') });
    await until(async () => (await served.evaluate('hidden')).value === false);
  });

  it('counts revisions from 1, has no commit, and a change that changes nothing is no revision', async () => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    expect(served.statusNow()).toMatchObject({ revision: 1 });
    expect(served.statusNow().commit).toBeUndefined();
    await folder.write({ 'checkout/truth.yaml': `# a comment\n${flagFile('truth', 'on')}` });
    await folder.write({ 'checkout/lie.yaml': flagFile('lie', 'on') });
    await until(async () => (await served.evaluate('lie')).value);
    expect(served.statusNow()).toMatchObject({ revision: 2 });
  });

  it('I8: a folder that does not load keeps what was good, says why, and recovers', async () => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    await folder.write({
      'checkout/truth.yaml': flagFile('truth', 'off').replace('serve: off', 'serve: maybe'),
    });
    await until(() => served.statusNow().stale === true);
    const { source } = served.statusNow() as {
      source: { state: string; lastError: { code: string; message: string } };
    };
    expect(source).toMatchObject({ state: 'faulty', lastError: { code: 'definitions' } });
    expect(source.lastError.message).toMatch(/checkout\/truth\.yaml:\d+:\d+ /);
    expect((await served.evaluate('truth')).value).toBe(true);
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    await folder.write({ 'checkout/truth.yaml': flagFile('truth', 'off') });
    await until(async () => (await served.evaluate('truth')).value === false);
    expect(served.statusNow()).toMatchObject({ stale: false, revision: 2 });
  });

  it('I8: a folder that vanishes keeps what was good, and is found when it is back', async () => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    await rename(folder.path, `${folder.path}.away`);
    await until(() => served.statusNow().stale === true);
    expect(JSON.stringify(served.statusNow())).toContain('is not there');
    expect((await served.evaluate('truth')).value).toBe(true);
    await writeFile(join(`${folder.path}.away`, 'checkout/truth.yaml'), flagFile('truth', 'off'));
    await rename(`${folder.path}.away`, folder.path);
    await until(async () => (await served.evaluate('truth')).value === false);
    expect(served.statusNow()).toMatchObject({ stale: false });
  });

  it('waits for a folder that is not there yet, and answers PROVIDER_NOT_READY meanwhile', async () => {
    await using folder = await createFolder({});
    const path = join(folder.path, 'flags');
    await using served = await relay({ source: `directory:${path}` });
    await until(() => served.lines().some((line) => line.includes('is not there')));
    expect(await served.evaluate('truth')).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' });
    expect((await fetch(`${served.url}/readyz`)).status).toBe(503);
    await folder.write({ 'flags/project.yaml': projectFile, 'flags/truth.yaml': flagFile('truth', 'on') });
    await served.ready;
    expect(await served.evaluate('truth')).toMatchObject({ value: true });
  });

  it('follows the links of a Kubernetes ConfigMap, whose files are swapped at once', async () => {
    await using folder = await createFolder({});
    const data = async (version: string, serve: 'on' | 'off') => {
      const path = join(folder.path, `..${version}`);
      await mkdir(path);
      await writeFile(join(path, 'project.yaml'), projectFile);
      await writeFile(join(path, 'truth.yaml'), flagFile('truth', serve));
      await symlink(`..${version}`, join(folder.path, '..data_tmp'));
      await rename(join(folder.path, '..data_tmp'), join(folder.path, '..data'));
    };
    await data('2026_01', 'on');
    for (const file of ['project.yaml', 'truth.yaml'])
      await symlink(`..data/${file}`, join(folder.path, file));
    await using served = await relay({ source: `directory:${folder.path}` });
    await served.ready;
    expect(await served.evaluate('truth')).toMatchObject({ value: true });
    await data('2026_02', 'off');
    await rm(join(folder.path, '..2026_01'), { recursive: true });
    await until(async () => (await served.evaluate('truth')).value === false);
    expect(served.statusNow()).toMatchObject({ stale: false });
  });

  it('a folder behind a link that is pointed elsewhere is served from there', async () => {
    await using one = await createFolder();
    await using two = await createFolder({ ...shop, 'checkout/truth.yaml': flagFile('truth', 'off') });
    await using links = await createFolder({});
    const link = join(links.path, 'flags');
    await symlink(one.path, link);
    await using served = await relay({ source: `directory:${link}` });
    await served.ready;
    expect(await served.evaluate('truth')).toMatchObject({ value: true });
    await unlink(link);
    await symlink(two.path, link);
    await until(async () => (await served.evaluate('truth')).value === false);
  });

  it.each([
    ['another project', { project: 'acme/other' }, 'acme/shop'],
    ['an unknown environment', { environment: 'prd' }, 'prod'],
  ])('%s is said, with what there is', async (_what, options, hint) => {
    await using folder = await createFolder();
    await using served = await relay({ source: `directory:${folder.path}`, ...options });
    await until(() => served.lines().some((line) => line.includes(hint)));
    expect(served.statusNow()).toMatchObject({ ready: false, source: { state: 'faulty' } });
  });
});

describe('the poll', () => {
  it('looks once into folders to which links lead back', async () => {
    await using folder = await createFolder();
    for (const name of ['here', 'again', 'more']) await symlink('.', join(folder.path, name));
    await symlink('..', join(folder.path, 'checkout/up'));
    const { path } = folder;
    const source = new DirectorySource({ path, environment: 'prod', pollMs: 20, watches: false });
    const end = new AbortController();
    const heard: SourceNews[] = [];
    const run = source.run(async (news) => void heard.push(news), end.signal);
    try {
      await until(() => heard.length > 1);
      await folder.write({ 'checkout/truth.yaml': flagFile('truth', 'off') });
      await until(() => heard.filter(({ type }) => type === 'snapshot').length === 2);
      expect(heard.map(({ type }) => type)).not.toContain('fault');
    } finally {
      end.abort();
    }
    await run;
  });

  it('I9: finds what the watcher misses', async () => {
    await using folder = await createFolder();
    const source = new DirectorySource({
      path: folder.path,
      environment: 'prod',
      pollMs: 20,
      watches: false,
    });
    const news: SourceNews[] = [];
    const stopping = new AbortController();
    const running = source.run(async (item) => void news.push(item), stopping.signal);
    const revisions = () =>
      news.flatMap((item) => (item.type === 'snapshot' ? [item.snapshot.revision] : []));
    await until(() => revisions().length === 1);
    await folder.write({ 'checkout/truth.yaml': flagFile('truth', 'off') });
    await until(() => revisions().length === 2);
    await until(() => news.at(-1)?.type === 'current');
    stopping.abort();
    await running;
  });

  it('comes soon enough not to be taken for lost, however long a look takes', async () => {
    await using folder = await createFolder();
    const source = new DirectorySource({
      path: folder.path,
      environment: 'prod',
      pollMs: 20,
      watches: false,
    });
    const stopping = new AbortController();
    const saidMs: number[] = [];
    const running = source.run(async () => {
      saidMs.push(performance.now());
      if (saidMs.length === 1) await new Promise((resolve) => setTimeout(resolve, 1_500));
    }, stopping.signal);
    // Twenty times as long would be half a minute.
    await until(() => saidMs.length > 1, Boolean, 15_000);
    stopping.abort();
    await running;
  });
});
