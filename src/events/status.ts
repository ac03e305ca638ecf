// What `GET /v1/status` says: whether PostgreSQL answers, what events are judged by, and what became of those that came.
import { UnreachableError } from '../lib/errors.ts';
import { type CollectorCore, databaseFaultOf, isReady } from './core.ts';

export function statusOf(core: CollectorCore): object {
  const { options, catalogue, counters, committer, room, retention, startedAtMs } = core;
  const { applied } = catalogue;
  const fault = databaseFaultOf(core);
  const { project, entry, known } = applied ?? {};
  return {
    project: project ?? options.project ?? null,
    ready: isReady(core),
    database: {
      state: fault ? 'failing' : applied ? 'answering' : 'unknown',
      ...(fault && { lastError: errorStatus(fault.error, fault.sinceMs) }),
    },
    ...(known && {
      definitions: {
        entry,
        environments: known.environments.size,
        experiments: known.experiments.size,
        events: known.events.size,
      },
    }),
    events: { counted: counters.counted, duplicates: counters.duplicates, refused: counters.refusedInAll },
    waiting: { requests: committer.waiting, bytes: room.bytes },
    retention: {
      days: options.retentionMs / 86_400_000,
      lastSweepAt: instant(retention.lastSweepAtMs),
      ...(retention.fault && { lastError: errorStatus(retention.fault.error, retention.fault.atMs) }),
    },
    version: options.version,
    uptimeMs: Math.round(performance.now() - startedAtMs),
  };
}

/** Of what is not ours to explain, nothing of the message: it may hold a value. */
function errorStatus(error: Error, sinceMs: number): object {
  const isWorded = error instanceof UnreachableError || error.name === 'UsageError';
  return {
    code: error instanceof UnreachableError ? error.code : isWorded ? 'usage' : 'internal',
    message: isWorded ? error.message : 'An unexpected error: see the log.',
    since: instant(sinceMs),
  };
}

function instant(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
