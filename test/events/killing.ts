// Collectors, a relay with its spool and PostgreSQL under load, killed at random moments: what was acknowledged is counted exactly once.
import { chmod, cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';
import { linesOf } from './collecting.ts';
import { KilledProcess } from './killed-process.ts';
import { applySample } from './sample-applied.ts';

export type Victim = 'collector' | 'other collector' | 'postgres' | 'relay';

const BATCH = 40;
const PAUSE_MS = 5;
/** The smallest there is. */
const SPOOL_BYTES = 4_194_304;
const FULL_DEADLINE_MS = 30_000;
const DELIVERED_DEADLINE_MS = 60_000;

/** What callers know: each event has a number of its own, its `value`. */
interface Ledger {
  acknowledged: Set<number>;
  sent: number;
}

/** What callers of one process of the relay know of it, from its start until it is killed. */
interface Life {
  /** Events of calls that were told that there is no room. */
  refused: number;
  /** Decisions that gave a unit its arm, each another unit's. */
  exposed: number;
}

const newLife = (): Life => ({ refused: 0, exposed: 0 });

export interface Proof {
  sent: number;
  acknowledged: number;
  stored: number;
  /** Acknowledged and not counted: must be empty. */
  lost: number[];
  /** Counted more than once: must be empty. */
  twice: number[];
  /** Events that the relay had no room for: by its callers' answers, and by its counter. */
  dropped: { known: number; counted: number };
}

export class Killing implements AsyncDisposable {
  readonly #folder: string;
  #postgres: EmbeddedPostgres;
  readonly #processes: Partial<Record<Victim, KilledProcess>> = {};
  readonly #ledger: Ledger = { acknowledged: new Set(), sent: 0 };
  readonly #dropped = { known: 0, counted: 0 };
  #life = newLife();
  /** Calls to the relay begin while this is undefined. */
  #pause: PromiseWithResolvers<void> | undefined;
  #calling = 0;
  readonly #stopping = new AbortController();
  #load: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, postgres: EmbeddedPostgres) {
    this.#folder = folder;
    this.#postgres = postgres;
  }

  /** The sample project on a server of its own, with two collectors, and a relay that delivers to the first. */
  static async create({ relay }: { relay: boolean }): Promise<Killing> {
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'halyard-killing-'));
    await chmod(folder, 0o711);
    const postgres = await startEmbeddedPostgres({ dataFolder: join(folder, 'data'), isTemporary: true });
    const killing = new Killing(folder, postgres);
    try {
      await migrate(postgres.url);
      await applySample(postgres.url, join(folder, 'repository'));
      const args = ['collect', '--database-url', postgres.url];
      killing.#processes.collector = await KilledProcess.start(args);
      killing.#processes['other collector'] = await KilledProcess.start(args);
      if (relay) {
        const flags = join(import.meta.dirname, '../../flags');
        await cp(flags, join(folder, 'flags'), { recursive: true });
        const delivery = ['--collector', killing.#processes.collector.url, '--spool', join(folder, 'spool')];
        delivery.push('--spool-bytes', String(SPOOL_BYTES));
        const source = ['--environment', 'prod', '--source', `directory:${join(folder, 'flags')}`];
        killing.#processes.relay = await KilledProcess.start(['relay', ...source, ...delivery]);
      }
      return killing;
    } catch (error) {
      await killing[Symbol.asyncDispose]();
      throw error;
    }
  }

  get victims(): Victim[] {
    return ['postgres', ...(Object.keys(this.#processes) as Victim[])];
  }

  /** Callers from now on, until `prove`: two of the collectors, and three of the relay where there is one. */
  load(): void {
    const { collector, 'other collector': other, relay } = this.#processes;
    const callers = [collector, other].map((one) => this.#bring([one, other, collector] as KilledProcess[]));
    if (relay) callers.push(this.#track(relay), this.#track(relay), this.#expose(relay));
    this.#load = Promise.all(callers);
  }

  async kill(victim: Victim): Promise<void> {
    if (victim === 'relay') await this.#compareDropped();
    if (victim !== 'postgres') {
      await this.#processes[victim]?.kill();
      if (victim === 'relay') this.#life = newLife();
      if (victim === 'collector') await this.#fillSpool();
      return this.#processes[victim]?.restart();
    }
    const { pid, port, dataFolder, ended } = this.#postgres;
    process.kill(pid, 'SIGKILL');
    await ended;
    this.#postgres = await startEmbeddedPostgres({ dataFolder, port, isTemporary: true });
  }

  /** Ends the load, waits until the relay has delivered, and compares what was acknowledged with what is stored. */
  async prove(): Promise<Proof> {
    for (const one of Object.values(this.#processes)) await one.ready();
    this.#stopping.abort();
    await this.#load;
    await this.#compareDropped();
    const { acknowledged, sent } = this.#ledger;
    const deadline = Date.now() + (this.#processes.relay ? DELIVERED_DEADLINE_MS : 0);
    for (;;) {
      const stored = await this.#stored();
      const lost = [...acknowledged].filter((number) => !stored.has(number));
      if (lost.length > 0 && Date.now() < deadline) {
        await sleep(200);
        continue;
      }
      const twice = [...stored].flatMap(([number, times]) => (times > 1 ? [number] : []));
      return {
        sent,
        acknowledged: acknowledged.size,
        stored: stored.size,
        lost,
        twice,
        dropped: this.#dropped,
      };
    }
  }

  /** Without its collector the relay runs out of room. */
  async #fillSpool(): Promise<void> {
    if (!this.#processes.relay) return;
    const { refused } = this.#life;
    const deadline = Date.now() + FULL_DEADLINE_MS;
    while (this.#life.refused === refused && Date.now() < deadline) await sleep(20);
  }

  /**
   * Between two calls, what the relay says that it dropped, and what its callers know: events of calls that were refused, and units that
   * were given an arm and whose exposure was not accepted. Waits until exposures have come to the disk; then callers go on.
   */
  async #compareDropped(): Promise<void> {
    const { relay } = this.#processes;
    if (!relay) return;
    await relay.ready();
    this.#pause = Promise.withResolvers();
    const deadline = Date.now() + DELIVERED_DEADLINE_MS;
    for (;;) {
      await sleep(10);
      if (this.#calling > 0) continue;
      const told = await fetch(`${relay.url}/metrics`).then((answer) => answer.text());
      const counted = metricOf(told, 'halyard_events_dropped_total{reason="full"}');
      const accepted = metricOf(told, 'halyard_events_accepted_total{kind="exposure"}');
      const known = this.#life.refused + this.#life.exposed - accepted;
      if (known !== counted && Date.now() < deadline) continue;
      this.#dropped.known += known;
      this.#dropped.counted += counted;
      break;
    }
    this.#pause.resolve();
    this.#pause = undefined;
  }

  /** A call to the relay, in the life that it has then. */
  async #callRelay(
    relay: KilledProcess,
    path: string,
    body: object,
  ): Promise<{ answer: Answer | undefined; life: Life }> {
    await this.#pause?.promise;
    const life = this.#life;
    this.#calling++;
    const answer = await post(`${relay.url}${path}`, 'application/json', JSON.stringify(body));
    this.#calling--;
    return { answer, life };
  }

  /** How often each number is stored. */
  async #stored(): Promise<Map<number, number>> {
    await using pool = new Pool(this.#postgres.url, { maxConnections: 1 });
    const { rows } = await pool.query<{ value: number; times: number }>(
      'select t.value, count(*)::int as times from halyard.track_event t group by t.value',
    );
    return new Map(rows.map(({ value, times }) => [value, times]));
  }

  #numbers(): number[] {
    const { sent } = this.#ledger;
    this.#ledger.sent += BATCH;
    return Array.from({ length: BATCH }, (_, at) => sent + at);
  }

  #acknowledge(numbers: readonly number[]): void {
    for (const number of numbers) this.#ledger.acknowledged.add(number);
  }

  /** Brings each batch until it is acknowledged, to one collector after the other, and now and then once more. */
  async #bring(collectors: readonly KilledProcess[]): Promise<void> {
    for (let turn = 0; !this.#stopping.signal.aborted; turn++) {
      const numbers = this.#numbers();
      const body = linesOf(numbers.map(eventOf));
      for (let attempt = 0; !this.#stopping.signal.aborted; attempt++) {
        const { url } = collectors[(turn + attempt) % collectors.length] as KilledProcess;
        const answer = await post(`${url}/v1/events`, 'application/x-ndjson', body);
        if (answer?.status !== 200) {
          await sleep(20);
          continue;
        }
        assertWhole(answer.text, 'counted', 'duplicates');
        this.#acknowledge(numbers);
        if (turn % 3 > 0 || attempt > 2) break;
      }
      await sleep(PAUSE_MS);
    }
  }

  /** As an app does: what is not acknowledged is tracked again, with the same ids. */
  async #track(relay: KilledProcess): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const numbers = this.#numbers();
      const items = numbers.map((number) => ({
        event: 'purchase',
        context: { targetingKey: `user-${number % 500}` },
        value: number,
        id: `n-${number}`,
      }));
      while (!this.#stopping.signal.aborted) {
        const { answer, life } = await this.#callRelay(relay, '/v1/track', items);
        if (answer?.status === 202) {
          assertWhole(answer.text, 'accepted');
          this.#acknowledge(numbers);
          break;
        }
        // One that has just started and knows no flags yet answers 503, too.
        if (answer?.status === 503 && answer.text.includes('no room')) life.refused += BATCH;
        await sleep(20);
      }
      await sleep(PAUSE_MS);
    }
  }

  /** Asks for the arm of one unit after the other. */
  async #expose(relay: KilledProcess): Promise<void> {
    for (let unit = 0; !this.#stopping.signal.aborted; unit++) {
      const { answer, life } = await this.#callRelay(relay, '/v1/evaluate/page-layout', {
        context: { targetingKey: `exposed-${unit}` },
      });
      if (answer?.status === 200 && JSON.parse(answer.text).metadata?.experiment !== undefined)
        life.exposed++;
      await sleep(PAUSE_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#load.catch(() => {});
    for (const one of Object.values(this.#processes)) await one.kill();
    await this.#postgres.stop();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function eventOf(number: number): object {
  const common = { id: `n-${number}`, environment: 'prod', atMs: Date.now() };
  return {
    ...common,
    type: 'track',
    event: 'purchase',
    units: { targetingKey: `user-${number % 500}` },
    value: number,
  };
}

/** A series that was never counted is 0. */
function metricOf(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** An acknowledgement that leaves some out would make the proof say less than it seems to. */
function assertWhole(text: string, ...members: string[]): void {
  const answer = JSON.parse(text);
  const all = members.reduce((sum, member) => sum + answer[member], 0);
  if (all !== BATCH) throw new Error(`of ${BATCH} events not all were taken: ${text}`);
}

interface Answer {
  status: number;
  text: string;
}

/** Undefined where there is no answer. */
async function post(url: string, type: string, body: string): Promise<Answer | undefined> {
  try {
    const options = {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      signal: AbortSignal.timeout(20_000),
    };
    const answer = await fetch(url, options);
    return { status: answer.status, text: await answer.text() };
  } catch {
    return undefined;
  }
}
