// An app as any other: asks a relay which page to show, tells it what happened, and waits where it is told to.
import { setTimeout as sleep } from 'node:timers/promises';
import { UnreachableError, UsageError } from '../../src/lib/errors.ts';
import type { Tracked } from './shoppers.ts';

export interface Answer {
  value: boolean;
  metadata: { environment?: string; experiment?: string; arm?: string };
}

/** For one request with all its repetitions. */
const PATIENCE_MS = 60_000;
const SHORT_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

export class App {
  readonly #relay: string;
  #waited = 0;

  /** `relay` is its URL. */
  constructor(relay: string) {
    this.#relay = relay;
  }

  /** How often the relay asked to come back later. */
  get waited(): number {
    return this.#waited;
  }

  async evaluate(flag: string, context: object): Promise<Answer> {
    return (await this.#post(`/v1/evaluate/${flag}`, { context })) as Answer;
  }

  /** Each event has an id, so that one that is told twice counts once. */
  async track(events: readonly Tracked[]): Promise<void> {
    if (events.length > 0) await this.#post('/v1/track', events);
  }

  /** Resolves when the relay has delivered what it took. False where that takes longer than a minute. */
  async delivered(): Promise<boolean> {
    const untilMs = performance.now() + PATIENCE_MS;
    while (performance.now() < untilMs) {
      const response = await fetch(`${this.#relay}/v1/status`).catch((cause: unknown) => this.#lost(cause));
      const { events } = (await response.json()) as { events?: { oldestMs?: number } };
      if (events?.oldestMs === undefined) return true;
      await sleep(SHORT_WAIT_MS);
    }
    return false;
  }

  /** Comes back after 429 and 503, when it is told to. Throws for any other refusal, and where nobody answers. */
  async #post(path: string, body: unknown): Promise<unknown> {
    const text = JSON.stringify(body);
    const untilMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const response = await fetch(`${this.#relay}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
      }).catch((cause: unknown) => this.#lost(cause));
      const answer = await response.text();
      if (response.ok) return answer === '' ? undefined : JSON.parse(answer);
      const isBusy = response.status === 429 || response.status === 503;
      if (!isBusy || performance.now() > untilMs)
        throw new UsageError(`${path} was refused: ${response.status} ${answer.slice(0, 300)}`);
      this.#waited += 1;
      await sleep(waitMs(response.headers.get('retry-after')));
    }
  }

  #lost(cause: unknown): never {
    throw new UnreachableError(
      'http',
      `Nobody answers at ${this.#relay}. Run \`npm start\` in another terminal first.`,
      { cause },
    );
  }
}

/** `Retry-After` in seconds, within bounds. */
function waitMs(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? Number.NaN);
  return seconds > 0 ? Math.min(seconds * 1_000, LONGEST_WAIT_MS) : SHORT_WAIT_MS;
}
