// The metrics of a collector, in Prometheus' text format. Their labels come from fixed lists: nothing that is sent makes a series.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type CollectorCore, type CollectorMetrics, databaseFaultOf, isReady } from './core.ts';

/** A registry of its own for one collector. */
export function collectorMetrics(core: () => CollectorCore): CollectorMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addCounts(registers, core);
  addGauges(registers, core);
  const commits = new Histogram({
    name: 'halyard_collector_commit_seconds',
    help: 'How long transactions of events took.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers,
  });
  const ages = new Histogram({
    name: 'halyard_collector_event_age_seconds',
    help: 'How old events were when they were committed, or found to be, by their own time: what relays, spools and the collector took.',
    buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 300, 3_600, 86_400],
    registers,
  });
  return {
    registry,
    onCommit: (_events, tookMs) => commits.observe(tookMs / 1_000),
    onFresh: (ageMs) => ages.observe(Math.max(0, ageMs) / 1_000),
  };
}

function addCounts(registers: Registry[], core: () => CollectorCore): void {
  new Counter({
    name: 'halyard_collector_events_total',
    help: 'Events by what became of them: counted, counted before (duplicate) or refused.',
    labelNames: ['result'],
    registers,
    collect() {
      const { counters } = core();
      this.reset();
      this.inc({ result: 'counted' }, counters.counted);
      this.inc({ result: 'duplicate' }, counters.duplicates);
      this.inc({ result: 'refused' }, counters.refusedInAll);
    },
  });
  new Counter({
    name: 'halyard_collector_refused_events_total',
    help: 'Events that were refused, by the code of the reason.',
    labelNames: ['code'],
    registers,
    collect() {
      this.reset();
      for (const [code, count] of core().counters.refused) this.inc({ code }, count);
    },
  });
  new Counter({
    name: 'halyard_collector_requests_total',
    help: 'Requests that brought events, by the status of the answer.',
    labelNames: ['status'],
    registers,
    collect() {
      this.reset();
      for (const [status, count] of core().counters.requests) this.inc({ status }, count);
    },
  });
}

function addGauges(registers: Registry[], core: () => CollectorCore): void {
  const gauge = (name: string, help: string, value: (core: CollectorCore) => number) => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(core()));
      },
    });
  };
  gauge('halyard_collector_ready', '1 while events are taken, 0 while they are not.', (now) =>
    Number(isReady(now)),
  );
  gauge(
    'halyard_collector_database_up',
    '1 while PostgreSQL answers and writes, 0 while it does not.',
    (now) => Number(now.catalogue.applied !== undefined && databaseFaultOf(now) === undefined),
  );
  gauge(
    'halyard_collector_waiting_requests',
    'Requests whose events wait for a transaction.',
    ({ committer }) => committer.waiting,
  );
  gauge(
    'halyard_collector_in_flight_bytes',
    'Unpacked bodies of requests that are not answered yet.',
    ({ room }) => room.bytes,
  );
  gauge(
    'halyard_collector_last_sweep_timestamp_seconds',
    'When this collector last found no old event or dropped them all; 0 where it never did.',
    ({ retention }) => (retention.lastSweepAtMs ?? 0) / 1_000,
  );
}
