// The relay of `up`, and the collector that its events go to. Each writes its log into the state folder.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Collector, startCollector } from '../../events/main.ts';
import { createLog, type Logger } from '../../io/log.ts';
import { VERSION } from '../../lib/version.ts';
import { type Relay, startRelay } from '../../relay/main.ts';
import type { UpOptions } from './options.ts';

export interface ServiceSetting {
  databaseUrl: string;
  /** Undefined while nothing is applied: then the only one that there will be. */
  project: string | undefined;
  /** The folder for logs, the spool and the key. */
  folder: string;
}

/** Listens on a free port, unless one is named. Throws UsageError where that one is taken. */
export function collectorFor(
  { databaseUrl, project, folder }: ServiceSetting,
  { collectorPort = 0 }: Pick<UpOptions, 'collectorPort'>,
): Promise<Collector> {
  return startCollector({
    databaseUrl,
    project,
    listen: `127.0.0.1:${collectorPort}`,
    version: VERSION,
    log: logInto(folder, 'collector'),
  });
}

/** Its events survive a restart in the folder, and units that are personal leave it as pseudonyms with a key of this folder. */
export async function relayFor(
  environment: string,
  { databaseUrl, project, folder }: ServiceSetting,
  { listen }: Pick<UpOptions, 'listen'>,
  collector: Collector,
): Promise<Relay> {
  const log = logInto(folder, 'relay', environment);
  return startRelay({
    environment,
    ...(project !== undefined && { project }),
    source: databaseUrl,
    listen,
    collector: collector.url,
    spool: join(folder, 'spool'),
    unitKeyFile: await unitKeyIn(folder),
    version: VERSION,
    instanceId: instanceId(),
    log,
  });
}

function logInto(folder: string, service: string, environment?: string): Logger {
  const to = createWriteStream(join(folder, `${service}.log`), { mode: 0o600 });
  return createLog({
    service,
    version: VERSION,
    instanceId: instanceId(),
    to,
    ...(environment !== undefined && { environment }),
  });
}

function instanceId(): string {
  return `up-${process.pid}`;
}

/** The file with the key of this machine's pseudonyms, made once. */
async function unitKeyIn(folder: string): Promise<string> {
  const path = join(folder, 'unit.key');
  await writeFile(path, randomBytes(48).toString('base64'), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return path;
}
