// The metrics of sync, in Prometheus' text format, read from its status when they are asked for.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CheckpointState } from './checkpoints.ts';
import { FAILURE_CAUSES, type SyncStatus } from './status.ts';

/** A registry of its own for one sync. */
export function syncMetrics(status: SyncStatus): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const { counts } = status;
  new Counter({
    name: 'halyard_sync_commits_total',
    help: 'Commits that were judged: applied, unchanged (nothing that is applied changed) or rejected.',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      for (const result of ['applied', 'unchanged', 'rejected'] as const)
        this.inc({ result }, counts[result]);
    },
  });
  new Counter({
    name: 'halyard_sync_refusals_total',
    help: 'Rejected commits by what the access policy found, each once a code.',
    labelNames: ['code'],
    registers,
    collect() {
      this.reset();
      for (const [code, count] of counts.refusals) this.inc({ code }, count);
    },
  });
  new Counter({
    name: 'halyard_sync_failures_total',
    help: 'Trips that failed because git, PostgreSQL, the forge or something else failed.',
    labelNames: ['cause'],
    registers,
    collect() {
      this.reset();
      for (const cause of FAILURE_CAUSES) this.inc({ cause }, counts.failures[cause]);
    },
  });
  const gauge = (name: string, help: string, value: () => number | undefined): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const now = value();
        if (now === undefined) this.reset();
        else this.set(now);
      },
    });
  };
  gauge('halyard_sync_up', '1 while trips come to their end, 0 while git or PostgreSQL is away.', () =>
    status.isFailing || status.outcome === undefined ? 0 : 1,
  );
  gauge('halyard_sync_rejected', '1 while the head of the branch is rejected, or not taken.', () =>
    Number(status.outcome === 'rejected' || status.outcome === 'refused'),
  );
  gauge('halyard_sync_awaiting_approval', '1 while the head is refused for what approvals would mend.', () =>
    Number(status.awaitsApproval),
  );
  gauge('halyard_sync_diverged', '1 while sync halts because the history was rewritten.', () =>
    Number(status.outcome === 'diverged'),
  );
  gauge(
    'halyard_sync_last_success_age_seconds',
    'Seconds since a trip last came to its end; NaN before the first.',
    () => (status.lastSuccessAgeMs ?? Number.NaN) / 1000,
  );
  gauge('halyard_sync_entry', 'The last audit entry.', () => status.report().entry ?? 0);
  gauge('halyard_sync_overrides', 'Emergency overrides that stand.', () => status.report().overrides.length);
  gauge('halyard_sync_revision', 'The last revision.', () => status.report().revision ?? 0);
  if (status.checkpoints) addCheckpointMetrics(registers, gauge, status.checkpoints);
  return registry;
}

function addCheckpointMetrics(
  registers: Registry[],
  gauge: (name: string, help: string, value: () => number | undefined) => void,
  state: CheckpointState,
): void {
  gauge('halyard_sync_checkpoint_up', '1 while checkpoints are written, 0 while they fail.', () =>
    Number(state.failuresInARow === 0),
  );
  gauge('halyard_sync_checkpoint_entry', 'The last audit entry that has a checkpoint.', () => state.entry);
  new Counter({
    name: 'halyard_sync_checkpoint_failures_total',
    help: 'Attempts to write a checkpoint that failed.',
    registers,
    collect() {
      this.reset();
      this.inc(state.failures);
    },
  });
}
