// Starts what takes events and delivers them. Loaded only where there is a --collector.
import { within } from '../../io/lifecycle.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Context } from '../../model/context.ts';
import type { Decision } from '../../model/decision.ts';
import type { RelayCore } from '../core.ts';
import type { DropReason, EventFacts, Events, Tracked } from '../events.ts';
import { type CheckedOptions, DEFAULT_SPOOL_BYTES, LEAST_SPOOL_BYTES } from '../options.ts';
import { inSlices } from '../slices.ts';
import type { Served } from '../snapshot-store.ts';
import { CollectorToken, eventsUrl } from './address.ts';
import type { Backlog, EventKind } from './backlog.ts';
import { Buffered } from './buffer.ts';
import { Delivery } from './delivery.ts';
import { Exposures } from './exposures.ts';
import { type Scope, scopeOf } from './scope.ts';
import { Spool } from './spool.ts';
import { claimSpool } from './spool-folder.ts';
import { readItems, type Taken } from './track.ts';
import { Units } from './units.ts';

/** For items of one call; then others have their turn. */
const SLICE_MS = 1;
/** For what a spool does at its end. */
const CLOSE_MS = 300;
/** What the buffer holds without a spool. */
const BUFFER_BYTES = 16 * 1024 * 1024;

type EventOptions = Pick<
  CheckedOptions,
  'collector' | 'collectorTokenFile' | 'spool' | 'spoolBytes' | 'unitKeyFile' | 'workers'
>;
type Surroundings = Pick<RelayCore, 'store' | 'counters' | 'log' | 'now'>;

/**
 * Reads the files of token and key, and makes the spool's folder this relay's until it is given back. Throws a UsageError
 * where one is no good.
 */
export async function claimEvents(options: EventOptions, log: RelayCore['log']): Promise<AsyncDisposable> {
  refuseSmallSpool(options);
  await checkEventFiles(options, log);
  const claim = options.spool === undefined ? undefined : await claimSpool(options.spool);
  return { [Symbol.asyncDispose]: async () => claim?.[Symbol.asyncDispose]() };
}

/** Each worker has its part of the spool. */
function refuseSmallSpool({ spool, spoolBytes = DEFAULT_SPOOL_BYTES, workers = 1 }: EventOptions): void {
  if (spool === undefined || spoolBytes / workers >= LEAST_SPOOL_BYTES) return;
  throw new UsageError(
    `--spool-bytes ${spoolBytes} is too few for ${workers} workers: it takes ${workers * LEAST_SPOOL_BYTES}.`,
  );
}

/** Throws a UsageError where the address, or the file of token or key, is no good. */
export async function checkEventFiles(options: EventOptions, log: RelayCore['log']): Promise<void> {
  eventsUrl(options.collector ?? '');
  await CollectorToken.open(options.collectorTokenFile);
  await Units.open(options.unitKeyFile, log);
}

/** Takes events from now on, and delivers them. */
export async function startEvents(options: EventOptions, surroundings: Surroundings): Promise<Events> {
  const url = eventsUrl(options.collector ?? '');
  const token = await CollectorToken.open(options.collectorTokenFile);
  const units = await Units.open(options.unitKeyFile, surroundings.log);
  return new RunningEvents(options, surroundings, { url, token, units });
}

class RunningEvents implements Events {
  readonly #around: Surroundings;
  readonly #token: CollectorToken;
  readonly #units: Units;
  readonly #backlog: Backlog;
  readonly #delivery: Delivery;
  readonly #exposures: Exposures;
  /** A call that is decided in steps may be of the ruleset before. */
  readonly #scopes = new WeakMap<Served['ruleset'], Scope>();

  constructor(
    { spool, spoolBytes = DEFAULT_SPOOL_BYTES }: EventOptions,
    around: Surroundings,
    { url, token, units }: { url: URL; token: CollectorToken; units: Units },
  ) {
    const { store, counters, log, now } = around;
    this.#around = around;
    this.#token = token;
    this.#units = units;
    const told = {
      log,
      now,
      onKept: (kind: EventKind, events: number) => counters.eventsAccepted.add(kind, events),
      onArrival: () => this.#delivery.arrived(),
      onLoss: (reason: DropReason, events: number) => this.#lost(reason, events),
    };
    this.#backlog =
      spool === undefined ? new Buffered(BUFFER_BYTES, told) : new Spool(spool, spoolBytes, told);
    this.#exposures = new Exposures(units, this.#backlog, (reason) => counters.eventsDropped.add(reason));
    this.#delivery = new Delivery({
      url,
      token,
      backlog: this.#backlog,
      log,
      now,
      counts: {
        delivered: (events) => {
          counters.eventsDelivered += events;
        },
        refused: (code, events) => counters.eventsRefused.add(code, events),
        fault: (code) => counters.eventFaults.add(code),
      },
    });
    // So that no call waits for it.
    store.onSwap(({ served }) => void this.#scopeOf(served));
  }

  gave(served: Served, decision: Decision, context: Context, nowMs: number): void {
    if (decision.metadata.experiment === undefined) return;
    this.#exposures.offer(this.#scopeOf(served), decision, context, nowMs);
  }

  gaveEvery(served: Served, decisions: readonly Decision[], context: Context, nowMs: number): void {
    this.#exposures.offerEvery(this.#scopeOf(served), decisions, context, nowMs);
  }

  async track(served: Served, items: readonly unknown[], nowMs: number): Promise<Tracked> {
    const read = readItems(items, this.#scopeOf(served), this.#units, nowMs);
    // A thousand items take some milliseconds, which others would feel.
    const { text, tracked, drops } = await inSlices(read, SLICE_MS);
    const { counters } = this.#around;
    for (const reason of drops) counters.eventsDropped.add(reason);
    for (const { code } of tracked.refused) counters.tracksRefused.add(code);
    return tracked.accepted === 0 ? tracked : this.#keep(tracked, text, nowMs);
  }

  facts(): EventFacts {
    const { bufferBytes, spoolBytes, oldestAtMs, fault: spool } = this.#backlog;
    const { fault: delivery } = this.#delivery;
    const { untold } = this.#units;
    return {
      bufferBytes,
      ...(spoolBytes !== undefined && { spoolBytes }),
      ...(oldestAtMs !== undefined && { oldestAtMs }),
      ...(delivery && { delivery }),
      ...(spool && { spool }),
      ...(untold.length > 0 && { personal: untold }),
    };
  }

  async reload(): Promise<void> {
    await Promise.all([this.#token.reload(), this.#units.reload()]);
    // Of those that were dropped for want of a key.
    this.#exposures.forget();
  }

  async stop(withinMs: number): Promise<void> {
    // What came last is on the disk, whatever the collector does; and a disk that hangs keeps nobody.
    await Promise.all([this.#delivery.stop(withinMs), within(withinMs, this.#backlog.kept())]);
    await within(CLOSE_MS, this.#close());
  }

  async #close(): Promise<void> {
    const lost = await this.#backlog.close();
    if (lost === 0) return;
    this.#lost('stopped', lost);
    this.#around.log.warn({ events: lost }, 'events are dropped: the collector has not taken them in time');
  }

  async #keep(tracked: Taken, text: string, nowMs: number): Promise<Tracked> {
    const { counters } = this.#around;
    const { accepted } = tracked;
    const refusal = this.#backlog.add('track', text, accepted, nowMs);
    if (refusal !== undefined) {
      counters.eventsDropped.add(refusal, accepted);
      return { type: 'refused', reason: refusal };
    }
    return (await this.#backlog.kept()) ? tracked : { type: 'refused', reason: 'disk' };
  }

  #lost(reason: DropReason, events: number): void {
    this.#around.counters.eventsDropped.add(reason, events);
    this.#exposures.forget();
  }

  #scopeOf(served: Served): Scope {
    const known = this.#scopes.get(served.ruleset);
    if (known) return known;
    const scope = scopeOf(served);
    this.#scopes.set(served.ruleset, scope);
    return scope;
  }
}
