// The embedded server on real processes: start, stop, kill -9, orphans, and each thing that may stand in its way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  startTemporaryPostgres,
} from '../../src/db/embedded-postgres.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { isAlive } from '../support/processes.ts';

describe('embedded PostgreSQL', () => {
  let server: EmbeddedPostgres;
  beforeEach(async () => {
    server = await startTemporaryPostgres();
  });
  afterEach(async () => {
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    await expect(stat(dirname(server.dataFolder))).rejects.toThrow('ENOENT');
  });

  it('is PostgreSQL 18, durable, and listens on the loopback alone', async () => {
    const setting = (name: string) => `current_setting('${name}') as ${name}`;
    const names = ['server_version', 'fsync', 'synchronous_commit', 'listen_addresses', 'data_checksums'];
    const [row] = await query(server.url, `select ${names.map(setting).join(', ')}`);
    expect(row).toMatchObject({ fsync: 'on', synchronous_commit: 'on', listen_addresses: '127.0.0.1' });
    expect(row?.data_checksums).toBe('on');
    expect(row?.server_version).toMatch(/^18\./);
  });

  it('lets nobody in without the password, and keeps it from other users', async () => {
    await expect(query(server.url.replace(/:[^:@]+@/, ':guess@'), 'select 1')).rejects.toThrow('password');
    const files = await readdir(server.dataFolder);
    for (const file of files) expect((await stat(join(server.dataFolder, file))).mode & 0o077, file).toBe(0);
  });

  it('keeps what was committed when it is killed, and starts again on the same folder and port', async () => {
    await query(server.url, 'create table kept (n int)');
    for (let round = 1; round <= 3; round++) {
      await query(server.url, `insert into kept values (${round})`);
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      const { dataFolder, port } = server;
      const again = await startEmbeddedPostgres({ dataFolder, port });
      expect(again.url).toBe(server.url);
      expect(await query(again.url, 'select n from kept')).toHaveLength(round);
      server = { ...again, stop: joinStops(again, server) };
    }
  });

  it('stops a server whose starter was killed, before it starts on the same data', async () => {
    const { dataFolder } = server;
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    const orphan = await startedByAKilledProcess(dataFolder);
    expect(isAlive(orphan)).toBe(true);
    await using next = await startEmbeddedPostgres({ dataFolder });
    expect(isAlive(orphan)).toBe(false);
    expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('leaves a program alone that has got the pid of a server long gone', async () => {
    const { dataFolder } = server;
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    const bystander = spawn('sleep', ['60']);
    onTestFinished(() => void bystander.kill());
    const file = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8');
    await writeFile(join(dataFolder, 'postmaster.pid'), file.replace(/^\d+/, String(bystander.pid)));
    await using _next = await startEmbeddedPostgres({ dataFolder });
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });

  it('refuses data of another major version, and says what to do', async () => {
    const { dataFolder } = server;
    await writeFile(join(dataFolder, 'PG_VERSION'), '17\n');
    await expect(startEmbeddedPostgres({ dataFolder })).rejects.toThrow(
      /made by PostgreSQL 17, and this is PostgreSQL 18.*Remove the folder/,
    );
  });

  it('may be stopped twice', async () => {
    await Promise.all([server.stop(), server.stop()]);
  });
});

it('refuses a port that is in use, and leaves no process', async () => {
  await using folder = await temporaryFolder();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  const start = startEmbeddedPostgres({ dataFolder: join(folder.path, 'data'), port });
  await expect(start).rejects.toThrow(UsageError);
  await expect(start).rejects.toThrow(`port ${port} for PostgreSQL is in use`);
});

it('makes the data anew where the first start was killed half way', async () => {
  await using folder = await temporaryFolder();
  const dataFolder = join(folder.path, 'data');
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(MODULE)};
    await startEmbeddedPostgres({ dataFolder: ${JSON.stringify(dataFolder)} });`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: folder.path },
  });
  const drafts = async () => (await readdir(folder.path)).filter((name) => name.startsWith('data.new'));
  // The killed start's initdb goes on for a while.
  while (!(await stat(join(folder.path, (await drafts())[0] ?? '', 'base')).catch(() => undefined)))
    await new Promise(setImmediate);
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  await using server = await startEmbeddedPostgres({ dataFolder });
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

it('removes the half-made data of a start long dead', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'data.new-aB3xYz', 'base'), { recursive: true });
  await using _server = await startEmbeddedPostgres({ dataFolder: join(folder.path, 'data') });
  expect(await readdir(folder.path)).toEqual(['data']);
});

const MODULE = new URL('../../src/db/embedded-postgres.ts', import.meta.url).href;

/** Starts a server from a process of its own and kills that process; the server's pid comes back. */
async function startedByAKilledProcess(dataFolder: string): Promise<number> {
  const script = `import { startEmbeddedPostgres } from ${JSON.stringify(MODULE)};
    const { pid } = await startEmbeddedPostgres({ dataFolder: ${JSON.stringify(dataFolder)} });
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(starter.stdout, 'data')) as [Buffer];
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  return Number(chunk.toString());
}

function joinStops(...servers: EmbeddedPostgres[]): () => Promise<void> {
  return async () => {
    for (const server of servers) await server.stop();
  };
}

async function temporaryFolder() {
  const path = await mkdtemp(join(await realpath(tmpdir()), 'halyard-test-'));
  await chmod(path, 0o711);
  // An initdb whose starter was killed may still write.
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 10 });
  return { path, [Symbol.asyncDispose]: remove };
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
