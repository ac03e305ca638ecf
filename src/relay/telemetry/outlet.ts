// Where one signal leaves the process: counts what was sent, failed or was dropped, and tells the log when sending fails and when it is well again.
import {
  createNoopMeter,
  type MeterProvider,
  type MetricAttributes,
  type ObservableCallback,
  type ObservableResult,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { type Logger, scrub } from '../../io/log.ts';
import type { CountBy, Delivery } from '../counters.ts';

interface Exporter<Item> {
  export(items: Item[], done: (result: ExportResult) => void): void;
}

/** An exporter around one of OTLP, which may hang for as long as it likes. */
export class Outlet<Item> implements Exporter<Item> {
  readonly #signal: 'spans' | 'events';
  readonly #inner: Exporter<Item>;
  readonly #counts: CountBy<Delivery>;
  readonly #log: Logger;
  /** Batches under way, each with what ends its wait. */
  readonly #underWay = new Map<Promise<void>, () => void>();
  #isFailing = false;
  #isClosed = false;
  #readQueue: ObservableCallback | undefined;

  constructor(signal: 'spans' | 'events', inner: Exporter<Item>, counts: CountBy<Delivery>, log: Logger) {
    this.#signal = signal;
    this.#inner = inner;
    this.#counts = counts;
    this.#log = log;
  }

  export(items: Item[], done: (result: ExportResult) => void): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = (result: ExportResult) => {
      if (!this.#underWay.delete(promise)) return;
      this.#judge(items.length, result);
      resolve();
      done(result);
    };
    this.#underWay.set(promise, () => end({ code: ExportResultCode.FAILED, error: new Error('stopped') }));
    if (this.#isClosed) this.#underWay.get(promise)?.();
    else this.#inner.export(items, end);
  }

  /** Resolves when nothing is under way. */
  async forceFlush(): Promise<void> {
    await Promise.all(this.#underWay.keys());
  }

  shutdown(): Promise<void> {
    return this.forceFlush();
  }

  /** Waits no longer for what is under way, and sends nothing any more. */
  close(): void {
    this.#isClosed = true;
    for (const end of [...this.#underWay.values()]) end();
  }

  /** How many spans or events wait in the processor's queue. */
  queued(): number {
    let found = 0;
    const result: ObservableResult = { observe: (value) => (found = value) };
    this.#readQueue?.(result);
    return found;
  }

  /** Given to the processor, which tells of its queue and of what it drops as metrics of OpenTelemetry's own. */
  readonly meters: MeterProvider = {
    getMeter: () =>
      Object.assign(createNoopMeter(), {
        createCounter: () => ({ add: (count: number, of?: MetricAttributes) => this.#processed(count, of) }),
        createObservableUpDownCounter: () => ({
          addCallback: (read: ObservableCallback) => (this.#readQueue = read),
          removeCallback: () => (this.#readQueue = undefined),
        }),
      }),
  };

  /** What was sent or failed is counted where it is known; here, what found no place. */
  #processed(count: number, of: MetricAttributes | undefined): void {
    if (of?.['error.type'] === 'queue_full') this.#counts.add('dropped', count);
  }

  #judge(count: number, { code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS;
    this.#counts.add(failed ? 'failed' : 'sent', count);
    if (failed === this.#isFailing) return;
    this.#isFailing = failed;
    const signal = this.#signal;
    if (failed) this.#log.warn({ signal, reason: scrub(reasonOf(error)) }, 'telemetry is not delivered');
    else this.#log.info({ signal }, 'telemetry is delivered again');
  }
}

/** Node's errors of several addresses have no message, and a collector's answer may have none either. */
function reasonOf(error: Error | undefined): string {
  if (!error) return 'unknown';
  const { message, code } = error as Error & { code?: unknown };
  return [code, message].filter((part) => part !== undefined && part !== '').join(' ') || error.name;
}
