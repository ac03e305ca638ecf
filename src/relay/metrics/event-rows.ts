// The metrics of events: what was taken, what became of it, and what waits. None where there is no collector.
import type { DropReason, EventFacts } from '../events.ts';
import { byWord } from './by-word.ts';
import type { Metric, Sample } from './text.ts';
import type { MetricsView } from './view.ts';

/** The compiler asks for each, so that each is there from the beginning. */
const DROPS: { readonly [reason in DropReason]: true } = {
  full: true,
  disk: true,
  personal: true,
  unit: true,
  stopped: true,
  damaged: true,
};

export function eventRows(relay: MetricsView): Metric[] {
  return [...countRows(relay), ...stateRows(relay)];
}

function countRows({ counters, eventFacts }: MetricsView): Metric[] {
  const ifAny = (read: () => Sample[]) => () => (eventFacts ? read() : []);
  return [
    {
      name: 'halyard_events_accepted_total',
      help: 'Events of experiments that were taken to be delivered, by kind.',
      type: 'counter',
      read: ifAny(() => byWord('kind', counters.eventsAccepted, ['exposure', 'track'])),
    },
    {
      name: 'halyard_events_dropped_total',
      help: 'Events that are lost, by reason; stopped and damaged: after they were taken.',
      type: 'counter',
      read: ifAny(() => byWord('reason', counters.eventsDropped, Object.keys(DROPS) as DropReason[])),
    },
    {
      name: 'halyard_events_delivered_total',
      help: 'Events that the collector has taken.',
      type: 'counter',
      read: ifAny(() => [[counters.eventsDelivered]]),
    },
    {
      name: 'halyard_events_refused_total',
      help: 'Events that the collector does not want, by what it says is wrong with them.',
      type: 'counter',
      read: ifAny(() => byWord('code', counters.eventsRefused)),
    },
    {
      name: 'halyard_tracks_refused_total',
      help: 'Items of POST /v1/track that are no events, by what is wrong with them.',
      type: 'counter',
      read: ifAny(() => byWord('code', counters.tracksRefused)),
    },
    {
      name: 'halyard_events_faults_total',
      help: 'Attempts to deliver a batch that failed, by code.',
      type: 'counter',
      read: ifAny(() => byWord('code', counters.eventFaults)),
    },
  ];
}

function stateRows({ eventFacts, now }: MetricsView): Metric[] {
  const ifAny = (read: (facts: EventFacts) => number | undefined) => (): Sample[] => {
    const value = eventFacts && read(eventFacts());
    return value === undefined ? [] : [[value]];
  };
  return [
    {
      name: 'halyard_events_delivery_up',
      help: '0 while the collector does not take events.',
      type: 'gauge',
      read: ifAny(({ delivery }) => Number(!delivery)),
    },
    {
      name: 'halyard_events_oldest_seconds',
      help: 'Since when the oldest event waits that is not delivered; 0 where none waits.',
      type: 'gauge',
      read: ifAny(({ oldestAtMs }) =>
        oldestAtMs === undefined ? 0 : Math.max(0, now() - oldestAtMs) / 1000,
      ),
    },
    {
      name: 'halyard_events_buffer_bytes',
      help: 'Events that wait in memory.',
      type: 'gauge',
      read: ifAny(({ bufferBytes }) => bufferBytes),
    },
    {
      name: 'halyard_events_spool_bytes',
      help: 'Events on disk, with what is delivered of files that go on. Only with --spool.',
      type: 'gauge',
      read: ifAny(({ spoolBytes }) => spoolBytes),
    },
    {
      name: 'halyard_events_spool_up',
      help: "0 while the spool's disk refuses. Only with --spool.",
      type: 'gauge',
      read: ifAny(({ spoolBytes, spool }) => (spoolBytes === undefined ? undefined : Number(!spool))),
    },
  ];
}
