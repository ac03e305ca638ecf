// A real Prometheus for tests: from HALYARD_TEST_PROMETHEUS, a folder with `prometheus` and `promtool`, or from the PATH.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { stringify } from 'yaml';
import { until } from '../../support/until.ts';

/** The path of a program; undefined where it is not installed. */
export function installed(program: 'prometheus' | 'promtool'): string | undefined {
  const { HALYARD_TEST_PROMETHEUS: own = '', PATH = '' } = process.env;
  return [own, ...PATH.split(delimiter)]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs promtool; resolves with its exit code and all that it says. */
export function promtool(args: readonly string[], input = ''): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(installed('promtool') ?? 'promtool', [...args], (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

/** A series that a query has found. */
export interface Found {
  metric: { [label: string]: string };
  value: [time: number, value: string];
}

export interface Prometheus extends AsyncDisposable {
  /** Asks a question in PromQL about now. Throws where Prometheus does not understand it. */
  query(expression: string): Promise<Found[]>;
  /** Each rule with whether it could be evaluated: `ok`, `err` or `unknown`. */
  rules(): Promise<{ name: string; health: string; lastError?: string }[]>;
}

/** Starts one on loopback that scrapes the addresses every second and evaluates the rules. */
export async function startPrometheus(targets: readonly string[], rules: string): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'halyard-prometheus-'));
  const config = join(folder, 'prometheus.yaml');
  await writeFile(
    config,
    stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [rules],
      scrape_configs: [{ job_name: 'halyard-relay', static_configs: [{ targets }] }],
    }),
  );
  const port = await freePort();
  const child = spawn(
    installed('prometheus') as string,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus has ended: ${errors}`);
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    return ready?.ok === true;
  }, 30_000);
  return {
    query: async (expression) => {
      const answer = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query: expression }),
      });
      const body = (await answer.json()) as { error?: string; data?: { result: Found[] } };
      if (body.error !== undefined || !body.data) throw new Error(`${expression}: ${body.error}`);
      return body.data.result;
    },
    rules: async () => {
      const answer = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      return answer.data.groups.flatMap((group) => group.rules);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
