// `up` on a repository: PostgreSQL, sync, a collector and a relay in this process, and what they say on the terminal.
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../db/migrate.ts';
import { Pool } from '../../db/pool.ts';
import type { Collector } from '../../events/main.ts';
import { aborted, within } from '../../io/lifecycle.ts';
import { UnreachableError } from '../../lib/errors.ts';
import type { Relay } from '../../relay/main.ts';
import type { SyncEvent } from '../../sync/event.ts';
import { Sync } from '../../sync/loop.ts';
import { say } from '../terminal.ts';
import { type AppliedSummary, appliedSummary, chosenEnvironment } from './applied.ts';
import { repositoryBanner } from './banner.ts';
import { type EventSetting, eventText } from './event-text.ts';
import { environmentsIn } from './folder.ts';
import type { UpOptions } from './options.ts';
import { openPostgres, type UpPostgres } from './postgres.ts';
import { collectorFor, relayFor } from './services.ts';
import type { UpSource } from './source.ts';
import type { StateFolder } from './state-folder.ts';
import { tellUncommitted } from './uncommitted.ts';

type RepositorySource = Extract<UpSource, { kind: 'repository' }>;

/** How long sync and relay may take to stop, and the collector after them, so that PostgreSQL has its time then. */
const SERVICES_STOP_MS = 3_000;
const COLLECTOR_STOP_MS = 1_000;
const FIRST_SNAPSHOT_MS = 5_000;

export async function serveRepository(
  source: RepositorySource,
  options: UpOptions,
  state: StateFolder,
  signal: AbortSignal,
): Promise<void> {
  await using postgres = await openPostgres(options, state.path);
  // Whoever runs it here owns the database, and every part of it logs in as the owner.
  await migrate(postgres.url, { roles: false });
  const printer = new Printer(() => ({
    path: source.path,
    isServing: (sync.status.report().revision ?? 0) > 0,
    isClone: source.workTree !== undefined,
  }));
  await using sync = new Sync({
    databaseUrl: postgres.url,
    repo: source.repo,
    branch: options.branch ?? 'HEAD',
    path: source.path === '' ? '.' : source.path,
    stateFolder: join(state.path, 'git'),
    intervalMs: options.interval,
    acceptHistoryAs: `${userName()}@${hostname()} (halyard up)`,
    onEvent: (event) => printer.hear(event),
  });
  await firstTrip(sync, signal);
  if (signal.aborted) return;
  const { project } = sync.status.report();
  const applied = await summary(postgres, project);
  const environment = chosenEnvironment(options.environment, await environments(applied, source));
  const setting = { databaseUrl: postgres.url, project, folder: state.path };
  await using collector = await collectorFor(setting, options);
  await using relay = await relayFor(environment, setting, options, collector);
  if (applied.environments.length > 0) await within(FIRST_SNAPSHOT_MS, relay.ready);
  const services = { sync, relay, collector, postgres };
  await state.announce({ pid: process.pid, databaseUrl: postgres.url, relay: relay.url });
  say(...(await repositoryBanner({ source, options, environment, applied, ...services })));
  printer.begin();
  await follow(source, options, services, signal);
}

interface Services {
  sync: Sync;
  relay: Relay;
  collector: Collector;
  postgres: UpPostgres;
}

/** Goes on until the signal is aborted or a part is lost for good; then all but PostgreSQL have stopped. */
async function follow(
  { workTree, path }: RepositorySource,
  options: UpOptions,
  { sync, relay, collector, postgres }: Services,
  signal: AbortSignal,
): Promise<void> {
  const lost = new AbortController();
  const until = AbortSignal.any([signal, lost.signal]);
  const followsCheckout = workTree !== undefined && options.branch === undefined;
  const running = Promise.all([sync.run(until), followsCheckout && tellUncommitted(workTree, path, until)]);
  try {
    await Promise.race([aborted(signal), running, postgres.lost]);
  } finally {
    lost.abort();
    await within(SERVICES_STOP_MS, Promise.allSettled([running, relay.stop()]));
    // After the relay, which has delivered what waited by now. What did not get there is in its spool.
    await within(
      COLLECTOR_STOP_MS,
      collector.stop().catch(() => undefined),
    );
  }
}

/** Before anything is applied, what the folder says: its first commit is still to come. */
async function environments(
  applied: AppliedSummary,
  { workTree, path }: RepositorySource,
): Promise<string[]> {
  if (applied.environments.length > 0 || !workTree) return applied.environments;
  return environmentsIn(join(workTree.root, path)).catch(() => []);
}

/** Judges the head before anything is said. A repository that does not answer yet is tried again later. */
async function firstTrip(sync: Sync, signal: AbortSignal): Promise<void> {
  try {
    await sync.runOnce(signal, 0);
  } catch (error) {
    if (!signal.aborted && !(error instanceof UnreachableError)) throw error;
  }
}

async function summary(postgres: UpPostgres, project: string | undefined): Promise<AppliedSummary> {
  if (project === undefined) return { environments: [], definitions: new Map() };
  await using pool = new Pool(postgres.url, { applicationName: 'halyard up', maxConnections: 1 });
  return await appliedSummary(pool, project);
}

/** A container may run as a user that the machine has no name for. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user-${process.getuid?.()}`;
  }
}

/** Keeps back what happens before the banner is printed. */
class Printer {
  readonly #setting: () => EventSetting;
  #early: SyncEvent[] | undefined = [];

  constructor(setting: () => EventSetting) {
    this.#setting = setting;
  }

  hear(event: SyncEvent): void {
    if (this.#early) this.#early.push(event);
    else say(...eventText(event, this.#setting()));
  }

  begin(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.hear(event);
  }
}
