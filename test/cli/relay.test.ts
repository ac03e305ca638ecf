// `halyard relay` as a process of its own: its options, its log, its signals and its exit codes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createFolder } from '../relay/folder.ts';
import { until } from '../relay/support.ts';
import { MAIN } from '../support/main-file.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      throw new Error('the relay was left running');
    }
  }
});

interface Line {
  [member: string]: unknown;
  message: string;
}

function run(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, 'relay', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const said = { out: '', error: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.error += chunk;
  });
  const lines = () =>
    said.out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);
  const line = (message: string) =>
    until(() => lines().find((candidate) => candidate.message === message)) as Promise<Line>;
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, said, lines, line, exit };
}

describe('halyard relay', () => {
  it('logs one line of JSON an event, answers, and exits 0 on SIGTERM; a second one is harmless', async () => {
    await using folder = await createFolder();
    const relay = run(
      '--environment',
      'prod',
      '--source',
      `directory:${folder.path}`,
      '--listen',
      '127.0.0.1:0',
      '--instance-id',
      'pod-7',
    );
    const { url } = await relay.line('listening');
    expect(await relay.line('ready')).toMatchObject({
      level: 'info',
      service: 'relay',
      environment: 'prod',
      instance_id: 'pod-7',
      version: expect.any(String),
      revision: 1,
    });
    const answer = await fetch(`${url}/v1/evaluate/truth`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"context":{}}',
    });
    expect(await answer.json()).toMatchObject({ value: true });
    // A page listens, and an app does not end its request: neither holds the relay up for long.
    const stream = await fetch(`${url}/v1/stream`);
    const stuck = connect(Number(new URL(String(url)).port), '127.0.0.1').on('error', () => undefined);
    stuck.write('POST /v1/evaluate/truth HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n');
    await once(stuck, 'connect');
    const cut = once(stuck, 'close');
    relay.child.kill('SIGTERM');
    relay.child.kill('SIGTERM');
    await relay.line('stopping');
    relay.child.kill('SIGTERM');
    expect(await relay.exit).toBe(0);
    await cut;
    await stream.text();
    expect(relay.lines().at(-1)?.message).toBe('stopped');
    expect(relay.said.error).toBe('');
  });

  it('SIGHUP rereads the token file', async () => {
    await using folder = await createFolder();
    const tokens = join(folder.path, 'tokens');
    await writeFile(tokens, 'old');
    const relay = run(
      '--environment',
      'prod',
      '--source',
      `directory:${folder.path}`,
      '--listen',
      '127.0.0.1:0',
      '--token-file',
      tokens,
    );
    const { url } = await relay.line('listening');
    const status = async (token: string) =>
      (await fetch(`${url}/livez`, { headers: { 'x-api-key': token } })).status;
    expect(await status('old')).toBe(200);
    await writeFile(tokens, 'new');
    relay.child.kill('SIGHUP');
    await relay.line('reloaded');
    expect([await status('old'), await status('new')]).toEqual([401, 200]);
    await writeFile(tokens, '');
    relay.child.kill('SIGHUP');
    await relay.line('not reloaded');
    expect(await status('new')).toBe(200);
    relay.child.kill('SIGINT');
    expect(await relay.exit).toBe(0);
  });

  it('exits 2 with one sentence where its port is in use', async () => {
    await using folder = await createFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const relay = run(
      '--environment',
      'prod',
      '--source',
      `directory:${folder.path}`,
      '--listen',
      `127.0.0.1:${port}`,
    );
    expect(await relay.exit).toBe(2);
    expect(relay.said.error).toMatch(
      new RegExp(`^halyard: --listen 127\\.0\\.0\\.1:${port} is in use\\. .*\n$`),
    );
    expect(relay.said.out).toBe('');
    other.close();
  });

  it.each([
    ['no environment', [], /--environment/],
    ['an unknown option', ['--environment', 'prod', '--frob'], /--frob/],
    ['a count that is none', ['--environment', 'prod', '--max-in-flight', '0'], /whole number/],
    ['more workers than any machine has cores', ['--environment', 'prod', '--workers', '257'], /at most 256/],
    [
      'a token that no source would be sent',
      ['--environment', 'prod', '--source', 'directory:flags', '--source-token-file', 'token'],
      /--source-token-file is for another relay/,
    ],
    [
      'a socket in a folder that is not there',
      [
        '--environment',
        'prod',
        '--source',
        'directory:flags',
        '--listen',
        '127.0.0.1:0',
        '--socket',
        'no/where',
      ],
      /--socket no\/where .*Its folder has to be there/,
    ],
    [
      'strangers without a token',
      ['--environment', 'prod', '--source', 'directory:flags', '--listen', '0.0.0.0:0'],
      /--token-file/,
    ],
  ])('exits 2 for %s', async (_what, args, says) => {
    const relay = run(...args);
    expect(await relay.exit).toBe(2);
    expect(relay.said.error).toMatch(says);
    expect(relay.said.out).toBe('');
  });

  it('shows its help with examples', async () => {
    const relay = run('--help');
    expect(await relay.exit).toBe(0);
    expect(relay.said.out).toContain('halyard relay --environment');
  });
});
