// `halyard relay` as its users start it, for benches of whole processes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

export interface RelayCommand {
  port: number;
  /** Where probes are answered too. */
  probeUrl: string;
  /** A series of `/metrics`. */
  metric: (series: string) => Promise<number>;
  stop: () => Promise<void>;
}

/** Starts a relay on a folder of definitions. Resolves when all its workers answer. */
export async function startRelayCommand(folder: string, workers: number): Promise<RelayCommand> {
  const own = [
    'relay',
    '--environment',
    'prod',
    '--source',
    `directory:${folder}`,
    '--workers',
    `${workers}`,
  ];
  const child = spawn(
    process.execPath,
    [MAIN, ...own, '--listen', '127.0.0.1:0', '--probe-listen', '127.0.0.1:0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const said = (message: string) => log.split('\n').filter((line) => line.includes(`"message":"${message}"`));
  const isUp = () =>
    said('ready').length > 0 && (workers === 1 || said('a worker answers').length === workers);
  while (!isUp()) {
    if (child.exitCode !== null) throw new Error(`the relay has ended: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { url, probe_url } = JSON.parse(said('listening')[0] ?? '') as { url: string; probe_url: string };
  return {
    port: Number(new URL(url).port),
    probeUrl: probe_url,
    metric: async (series) => {
      const text = await (await fetch(`${probe_url}/metrics`)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
      return Number(line?.slice(series.length));
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
