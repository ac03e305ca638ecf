// `--socket`: what a Unix socket answers, who may connect, and whose file it takes over.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/lib/errors.ts';
import { listenOnSocket } from '../../src/relay/socket-file.ts';
import { createFolder, type Folder } from './folder.ts';
import { relay } from './start.ts';

const run = promisify(execFile);

async function startIn(folder: Folder, options: Partial<Parameters<typeof relay>[0]> = {}) {
  const socket = join(folder.path, 'relay.sock');
  const started = await relay({ source: `directory:${folder.path}`, socket, ...options });
  await started.ready;
  return { started, socket };
}

async function ask(socketPath: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const dispatcher = new Agent({ connect: { socketPath } });
  const answer = await request(`http://any.name${path}`, {
    dispatcher,
    method: body ? 'POST' : 'GET',
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  await dispatcher.close();
  return { status: answer.statusCode, text };
}

/** Where a process listened that was killed. */
async function leaveStaleSocket(path: string): Promise<void> {
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('listens'))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await stat(path)).isSocket()).toBe(true);
}

describe('a relay with --socket', () => {
  it('answers every route there, for any Host, beside the port', async () => {
    await using folder = await createFolder();
    const { started, socket } = await startIn(folder);
    await using _relay = started;
    const decision = await ask(socket, '/v1/evaluate/truth', { context: {} });
    expect(decision.status).toBe(200);
    expect(JSON.parse(decision.text)).toMatchObject({ value: true });
    for (const path of ['/livez', '/readyz', '/v1/status', '/v1/flags', '/metrics', '/openapi.json']) {
      expect([path, (await ask(socket, path)).status]).toEqual([path, 200]);
    }
    expect((await fetch(`${started.url}/livez`)).status).toBe(200);
    expect(await started.evaluate('truth')).toMatchObject({ value: true });
  });

  it('answers curl --unix-socket', async () => {
    await using folder = await createFolder();
    const { started, socket } = await startIn(folder);
    await using _relay = started;
    const { stdout } = await run('curl', ['-sS', '--unix-socket', socket, 'http://relay/readyz']);
    expect(stdout).toBe('{"ready":true}');
  });

  it('demands no token there, since the rights of the file say who may connect: its owner and group', async () => {
    await using folder = await createFolder();
    await writeFile(join(folder.path, 'tokens'), 'secret\n');
    const { started, socket } = await startIn(folder, { tokenFile: join(folder.path, 'tokens') });
    await using _relay = started;
    expect((await ask(socket, '/v1/evaluate/truth', { context: {} })).status).toBe(200);
    expect((await fetch(`${started.url}/livez`)).status).toBe(401);
    expect((await stat(socket)).mode & 0o777).toBe(0o660);
  });

  it('removes the file when it stops, and only its own', async () => {
    await using folder = await createFolder();
    const { started, socket } = await startIn(folder);
    await started.stop();
    await expect(stat(socket)).rejects.toThrow('ENOENT');
    const again = await startIn(folder);
    await writeFile(`${socket}.other`, '');
    await run('mv', [`${socket}.other`, socket]);
    await again.started.stop();
    expect(await readFile(socket, 'utf8')).toBe('');
  });

  it('takes over the socket of a relay that was killed', async () => {
    await using folder = await createFolder();
    await leaveStaleSocket(join(folder.path, 'relay.sock'));
    const { started, socket } = await startIn(folder);
    await using _relay = started;
    expect((await ask(socket, '/livez')).status).toBe(200);
  });

  it('starts after one that was killed between listening and giving the socket its place', async () => {
    await using folder = await createFolder();
    await leaveStaleSocket(join(folder.path, 'relay.sock~'));
    const { started, socket } = await startIn(folder);
    await using _relay = started;
    expect((await ask(socket, '/livez')).status).toBe(200);
  });
});

describe('a relay refuses a socket', () => {
  const cases: [what: string, prepare: (folder: string) => Promise<unknown>, name: string, says: RegExp][] = [
    ['whose path is too long', async () => undefined, 'x'.repeat(120), /too long.*at most 10\d bytes/],
    ['where a file is', (folder) => writeFile(join(folder, 's'), 'mine'), 's', /is no socket/],
    ['where a folder is', (folder) => mkdir(join(folder, 's')), 's', /is no socket/],
    ['where a link is', (folder) => symlink('/etc/passwd', join(folder, 's')), 's', /is no socket/],
    [
      'in a folder that nobody may write to',
      async () => undefined,
      '../../proc/s',
      /cannot be listened on \(\w+\)/,
    ],
    ['in a folder that is not there', async () => undefined, 'no/s', /cannot be listened on \(\w+\)/],
  ];
  it.each(cases)('%s, in one sentence, and removes nothing', async (_what, prepare, name, says) => {
    await using folder = await createFolder();
    await prepare(folder.path);
    const socket = join(folder.path, name);
    const before = await stat(socket).catch(() => undefined);
    const starting = relay({ source: `directory:${folder.path}`, socket });
    await expect(starting).rejects.toThrow(UsageError);
    await expect(relay({ source: `directory:${folder.path}`, socket })).rejects.toThrow(says);
    expect((await stat(socket).catch(() => undefined))?.ino).toBe(before?.ino);
  });

  it('on which another one answers, and leaves it alone', async () => {
    await using folder = await createFolder();
    const { started, socket } = await startIn(folder);
    await using _relay = started;
    await expect(relay({ source: `directory:${folder.path}`, socket })).rejects.toThrow(/is in use\. Stop/);
    expect((await ask(socket, '/livez')).status).toBe(200);
  });

  it('for one of two that start at almost the same time, whichever has it', async () => {
    await using folder = await createFolder({});
    for (let turns = 0; turns < 20; turns++) {
      const path = join(folder.path, String(turns));
      const servers = ['first', 'second'].map((name) =>
        createServer((socket) => socket.on('error', () => undefined).end(name)),
      );
      const second = async () => {
        for (let turn = 0; turn < turns; turn++) await nextTurn();
        return listenOnSocket(servers[1] as Server, path);
      };
      const results = await Promise.allSettled([listenOnSocket(servers[0] as Server, path), second()]);
      const answer = await text(connect({ path }));
      const winners = results.map(({ status }) => status === 'fulfilled');
      expect(winners).toEqual([answer === 'first', answer === 'second']);
      for (const server of servers) server.close();
    }
  });

  it('and listens on no port either then', async () => {
    await using folder = await createFolder();
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    await promisify(probe.close.bind(probe))();
    const listen = `127.0.0.1:${port}`;
    const source = `directory:${folder.path}`;
    await expect(relay({ source, listen, socket: join(folder.path, 'no/s') })).rejects.toThrow(UsageError);
    await using again = await relay({ source, listen });
    expect((await fetch(`${again.url}/livez`)).status).toBe(200);
  });
});
