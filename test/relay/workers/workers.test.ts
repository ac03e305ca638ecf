// A relay with workers, as processes: one truth whichever of them answers, whatever becomes of them.
import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../support/processes.ts';
import { until } from '../../support/until.ts';
import { createFolder, type Folder, flagFile } from '../folder.ts';
import { RelayProcess } from '../relay-process.ts';

const CRASH_ON_SIGNAL = join(import.meta.dirname, '../crash-on-signal.mjs');

type Status = { [member: string]: unknown; workers: { wanted: number; up: number; lost: number } };

interface Many {
  revision: number;
  flags: Record<string, { value: unknown; metadata: { revision: number } }>;
}

async function start(folder: Folder, ...args: string[]): Promise<RelayProcess> {
  const source = `directory:${folder.path}`;
  const relay = await RelayProcess.start({
    source,
    args: ['--workers', '2', ...args],
    environment: { NODE_OPTIONS: `--import=${CRASH_ON_SIGNAL}` },
  });
  await until(() => workersOf(relay).length === 2, 30_000);
  // One that answers and has not the first snapshot gets no connection while another has it.
  if (!args.includes('--token-file'))
    await until(async () => (await statusOf(relay)).workers.up === 2, 30_000);
  return relay;
}

async function statusOf(relay: RelayProcess): Promise<Status> {
  return (await (await fetch(`${relay.url}/v1/status`)).json()) as Status;
}

/** The processes that answer or have answered, in the order in which they came up. */
function workersOf(relay: RelayProcess): number[] {
  const lines = relay.lines.filter(({ message }) => message === 'a worker answers');
  return lines.map(({ pid }) => Number(pid));
}

/** A connection of its own that stays open, so that one worker answers all that is asked on it. */
class Lane {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;
  isClosed = false;
  #socket: Socket | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  ask(path: string, body?: object, headers: Record<string, string> = {}) {
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request(`${this.#url}${path}`, {
        agent: this.#agent,
        method: body ? 'POST' : 'GET',
        headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      });
      sent.once('socket', (socket) => {
        if (this.#socket === socket) return;
        this.#socket = socket;
        socket.once('close', () => {
          this.isClosed = true;
        });
      });
      sent.on('error', reject).on('response', async (response) => {
        let text = '';
        for await (const part of response) text += part;
        resolve({ status: response.statusCode ?? 0, text });
      });
      sent.end(body && JSON.stringify(body));
    });
  }

  async json(path: string, body?: object): Promise<Status> {
    return JSON.parse((await this.ask(path, body)).text) as Status;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function lanes(url: string, count: number): Lane[] {
  return Array.from({ length: count }, () => new Lane(url));
}

async function askAll(all: readonly Lane[]): Promise<unknown[]> {
  const answers = await Promise.all(all.map((lane) => lane.json('/v1/evaluate/truth', { context: {} })));
  return answers.map(({ value }) => value);
}

describe('--workers', () => {
  it('I7: answers on every connection from one whole snapshot, and never from an older one again', async () => {
    await using folder = await createFolder();
    await using relay = await start(folder);
    const all = lanes(relay.url, 8);
    const newest = new Map<Lane, number>();
    /** What each revision answers: every worker must say the same of it. */
    const pairs = new Map<number, string>();
    const faults: unknown[] = [];
    let isOver = false;
    const asking = all.map(async (lane) => {
      while (!isOver) {
        const answer = (await lane.json('/v1/evaluate', { context: {}, flags: ['truth', 'lie'] })) as unknown;
        const { flags, revision } = answer as Many;
        const pair = `${flags.truth?.value} ${flags.lie?.value}`;
        const known = pairs.get(revision) ?? pair;
        pairs.set(revision, known);
        const isMixed = Object.values(flags).some(({ metadata }) => metadata.revision !== revision);
        if (isMixed || pair !== known || revision < (newest.get(lane) ?? 0)) faults.push(answer);
        newest.set(lane, revision);
      }
    });
    for (let turn = 1; turn <= 6; turn++) {
      const [truth, lie] = turn % 2 === 1 ? (['off', 'on'] as const) : (['on', 'off'] as const);
      await folder.write({
        'checkout/truth.yaml': flagFile('truth', truth),
        'checkout/lie.yaml': flagFile('lie', lie),
      });
      const value = truth === 'on';
      await until(async () => {
        const answers = await Promise.all(
          all.map((lane) => lane.json('/v1/evaluate/truth', { context: {} })),
        );
        return answers.every((answer) => answer.value === value);
      });
    }
    isOver = true;
    await Promise.all(asking);
    for (const lane of all) lane.close();
    expect(faults).toEqual([]);
    expect(await relay.stop()).toBe(0);
  });

  it('gives every worker its part of the connections, and each tells the same status and all that was counted', async () => {
    await using folder = await createFolder();
    await using relay = await start(folder, '--probe-listen', '127.0.0.1:0');
    const all = lanes(relay.url, 8);
    const asked = 400;
    await Promise.all(
      all.map(async (lane) => {
        for (let call = 0; call < asked / 8; call++) await lane.ask('/v1/evaluate/truth', { context: {} });
      }),
    );
    const probes = String(relay.lines.find(({ message }) => message === 'listening')?.probe_url);
    const everywhere = [...all, ...lanes(probes, 1)];
    for (const lane of everywhere) {
      const { text } = await lane.ask('/metrics');
      const truth = /^halyard_evaluations_total\{flag="truth",reason="\w+",variation="on"\} (\d+)$/m.exec(
        text,
      );
      expect(truth?.[1]).toBe(String(asked));
      expect(/^halyard_evaluation_duration_seconds_count\{api="evaluate"\} (\d+)$/m.exec(text)?.[1]).toBe(
        String(asked),
      );
      expect(Number(/^halyard_connections (\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(8);
    }
    const states = await Promise.all(all.map((lane) => lane.json('/v1/status')));
    for (const { ageMs, uptimeMs, ...state } of states) {
      expect(state).toMatchObject({ ready: true, stale: false, instanceId: 'test-1' });
      expect(state.workers).toEqual({ wanted: 2, up: 2, lost: 0 });
    }
    const [first = 0] = workersOf(relay);
    process.kill(first, 'SIGKILL');
    // Who has the fewest gets the next one: four each, or nearly so where one had no time to take its own.
    await until(() => all.filter(({ isClosed }) => isClosed).length >= 2);
    expect(all.filter(({ isClosed }) => isClosed).length).toBeLessThanOrEqual(6);
    for (const lane of everywhere) lane.close();
    expect(await relay.stop()).toBe(0);
  });

  it('I8: a worker that is killed, or crashes, is started again, knows what is served, and takes nothing from the totals', async () => {
    await using folder = await createFolder();
    await using relay = await start(folder);
    await folder.write({ 'checkout/truth.yaml': flagFile('truth', 'off') });
    const counts = async () =>
      relay.metric('halyard_evaluations_total{flag="truth",reason="STATIC",variation="off"}');
    const evaluate = async () => (await relay.post('/v1/evaluate/truth', {})).json() as Promise<Status>;
    await until(async () => (await evaluate()).value === false);
    const before = (await counts()) ?? 0;
    for (const [at, signal] of (['SIGKILL', 'SIGUSR2'] as const).entries()) {
      const [victim = 0] = workersOf(relay).slice(-2);
      process.kill(victim, signal);
      await until(async () => {
        // A connection that the killed one had is cut off; every answer that comes is right.
        const answer = await evaluate().catch(() => undefined);
        if (answer) expect(answer).toMatchObject({ value: false });
        return workersOf(relay).length === 3 + at;
      }, 30_000);
    }
    const ends = relay.lines.filter(({ message }) => /^a worker has ended/.test(String(message)));
    expect(ends).toMatchObject([{ signal: 'SIGKILL' }, { code: 1, signal: null }]);
    expect(await counts()).toBeGreaterThanOrEqual(before);
    const status = await statusOf(relay);
    expect(status.workers).toEqual({ wanted: 2, up: 2, lost: 2 });
    expect(await relay.metric('halyard_workers_lost_total')).toBe(2);
    expect(await relay.metric('halyard_workers{state="up"}')).toBe(2);
    expect(await relay.stop()).toBe(0);
  });

  it('is ready when nobody is connected to one without the first snapshot, and not before', async () => {
    await using folder = await createFolder();
    await folder.write({ 'broken.yaml': 'flag: {' });
    await using relay = new RelayProcess({
      source: `directory:${folder.path}`,
      args: ['--workers', '2', '--probe-listen', '127.0.0.1:0'],
    });
    await until(() => workersOf(relay).length === 2, 30_000);
    const probes = String(relay.lines.find(({ message }) => message === 'listening')?.probe_url);
    const readiness = async () => (await fetch(`${probes}/readyz`)).status;
    const all = lanes(relay.url, 6);
    expect(await askAll(all)).toEqual(all.map(() => undefined));
    const [late = 0] = workersOf(relay);
    process.kill(late, 'SIGSTOP');
    await folder.write({ 'broken.yaml': null });
    await relay.says('ready');
    expect(await readiness()).toBe(503);
    process.kill(late, 'SIGCONT');
    await until(async () => (await readiness()) === 200);
    expect(await askAll(all)).toEqual(all.map(() => true));
    for (const lane of all) lane.close();
    expect(await relay.stop()).toBe(0);
  });

  it('a worker that is stuck gets no further connection, and the one that it has not taken is cut off with it', async () => {
    await using folder = await createFolder();
    await using relay = await start(folder);
    const [stuck = 0] = workersOf(relay);
    process.kill(stuck, 'SIGSTOP');
    const agents = lanes(relay.url, 12);
    const endings: unknown[] = [];
    for (const lane of agents) {
      lane.ask('/livez').then(
        ({ status }) => endings.push(status),
        ({ code }) => endings.push(code),
      );
    }
    // It holds one connection, that which was handed to it last.
    await until(() => endings.length === 11);
    process.kill(stuck, 'SIGKILL');
    await until(() => endings.length === 12);
    expect(endings).toEqual([...Array(11).fill(200), 'ECONNRESET']);
    for (const lane of agents) lane.close();
    expect(await relay.stop()).toBe(0);
  });

  it('workers whose primary process is killed end too, and leave the port to the next relay', async () => {
    await using folder = await createFolder();
    await using relay = await start(folder);
    const pids = workersOf(relay);
    relay.signal('SIGKILL');
    await until(() => !pids.some(isAlive), 30_000);
    const { port } = new URL(relay.url);
    await using next = await start(folder, '--listen', `127.0.0.1:${port}`);
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
    expect(await next.stop()).toBe(0);
  });

  it('SIGHUP gives all workers the new tokens, and a ticket that one gave opens every one', async () => {
    await using folder = await createFolder();
    const tokenFile = join(folder.path, 'tokens');
    await writeFile(tokenFile, 'old\n');
    await using relay = await start(folder, '--token-file', tokenFile);
    const all = lanes(relay.url, 6);
    const statuses = async (token: string) => {
      const answers = all.map((lane) => lane.ask('/livez', undefined, { 'x-api-key': token }));
      return [...new Set((await Promise.all(answers)).map(({ status }) => status))];
    };
    expect([await statuses('old'), await statuses('new')]).toEqual([[200], [401]]);
    const bulk = all.map((lane) =>
      lane.ask('/ofrep/v1/evaluate/flags', { context: {} }, { 'x-api-key': 'old' }),
    );
    const tickets = (await Promise.all(bulk)).map(({ text }) => /ticket=[\w-]+/.exec(text)?.[0]);
    expect(new Set(tickets).size).toBe(1);
    expect(tickets[0]).toBeDefined();
    await writeFile(tokenFile, 'new\n');
    relay.signal('SIGHUP');
    await relay.says('reloaded');
    await until(async () => (await statuses('new')).join() === '200');
    expect(await statuses('old')).toEqual([401]);
    for (const lane of all) lane.close();
    expect(await relay.stop()).toBe(0);
  });

  it('I10: --max-in-flight is for all workers together', async () => {
    await using folder = await createFolder();
    await using relay = await start(folder, '--max-in-flight', '2');
    const port = Number(new URL(relay.url).port);
    const head =
      'POST /v1/evaluate/truth HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n';
    const answers: string[] = [];
    const sockets = Array.from({ length: 6 }, (_, at) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (part) => {
        answers[at] = part.toString();
      });
      socket.write(head);
      return socket;
    });
    // Each of two workers takes one that is slow, and refuses the others at once.
    await until(() => answers.filter((answer) => answer?.startsWith('HTTP/1.1 503')).length === 4);
    expect(await relay.metric('halyard_requests_in_flight')).toBe(2);
    expect(await relay.metric('halyard_requests_refused_total{reason="too_many"}')).toBe(4);
    for (const socket of sockets) socket.write('{}');
    await until(() => answers.filter((answer) => answer?.startsWith('HTTP/1.1 200')).length === 2);
    for (const socket of sockets) socket.destroy();
    expect(await relay.stop()).toBe(0);
  });
});
