// deploy/relay/Dockerfile without Docker: what it copies is there, what it builds with needs no more, and what it runs does run.
import { execFile } from 'node:child_process';
import { cp, mkdtempDisposable, readdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { IMAGE_OPTIONS } from '../bench/server-process.ts';
import { RelayProcess } from '../relay/relay-process.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const text = await readFile(join(root, 'deploy/relay/Dockerfile'), 'utf8');
/** The instructions of a name, without the name. */
const all = (name: string) =>
  Array.from(text.matchAll(new RegExp(`^${name} (.*)$`, 'gm')), ([, rest = '']) => rest);
const words = (name: string) =>
  all(name).flatMap((rest) => (rest.startsWith('[') ? [JSON.parse(rest)] : [])) as string[][];
const copied = all('COPY')
  .filter((rest) => !rest.startsWith('--'))
  .flatMap((rest) => rest.split(' ').slice(0, -1));

it('all that is copied into the build is in the repository, and let in', async () => {
  const ignore = await readFile(join(root, 'deploy/relay/Dockerfile.dockerignore'), 'utf8');
  const letIn = ignore.split('\n').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  expect(letIn.sort()).toEqual(copied.toSorted());
  expect(await readdir(root)).toEqual(expect.arrayContaining(copied));
});

it('the build needs no more than that, and what the image runs is a relay that its own user can start', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'halyard-image-'));
  const source = join(folder.path, 'source');
  for (const name of copied) await cp(join(root, name), join(source, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(source, 'node_modules'));
  const [, build = ''] = all('RUN');
  expect(build).toMatch(/^node scripts\/bundle-relay\.ts && /);
  await run(process.execPath, ['scripts/bundle-relay.ts'], { cwd: source });
  await cp(join(source, 'dist/relay'), join(folder.path, 'halyard'), { recursive: true });

  const [warmUp = [], entry = [], command = []] = [...words('RUN'), ...words('ENTRYPOINT'), ...words('CMD')];
  const here = (word: string) =>
    word === '/nodejs/bin/node' ? process.execPath : word.replace(/^\/halyard\//, `${folder.path}/halyard/`);
  expect(warmUp).toEqual([...entry, '--help']);
  const env = { NODE_COMPILE_CACHE: join(folder.path, 'code') };
  const [node = '', ...args] = [...entry, ...command].map(here);
  const { stdout } = await run(node, args, { env });
  expect(stdout).toContain('Usage: halyard relay');
  // The code that is kept fits the options: a second start finds it.
  expect(await readdir(env.NODE_COMPILE_CACHE)).not.toEqual([]);

  const at = args.findIndex((arg) => arg.endsWith('main.js'));
  expect(args.slice(0, at)).toEqual(IMAGE_OPTIONS);
  await using relay = await RelayProcess.start({
    node: args.slice(0, at),
    main: args[at] as string,
    environment: env,
  });
  expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
  expect(await relay.stop()).toBe(0);
});
