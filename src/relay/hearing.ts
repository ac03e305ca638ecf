// What becomes of what a source says: snapshots go to the store, and everything to status, metrics and the log.
import type { RelayCore } from './core.ts';
import { STALE_AFTER_MS } from './health.ts';
import type { Emit, Fault } from './source.ts';

/** Takes what a source says: a snapshot to the store, everything to the health, what is new to the log. */
export function hear({ store, health, counters, log, isStopping }: RelayCore): Emit {
  const tell = ({ code, message: reason, cause: error }: Fault) =>
    log.warn({ code, reason, ...(error !== undefined && { error }) }, 'something is wrong with the source');
  const silence = setTimeout(() => {
    if (isStopping() || health.fault?.code !== 'silent') return;
    counters.sourceFaults.add('silent');
    tell(health.fault);
  }, STALE_AFTER_MS + 100).unref();
  return async (news) => {
    silence.refresh();
    const wasFaulty = health.fault !== undefined;
    if (news.type === 'current' && news.end) store.saw(news.end);
    const verdict = news.type === 'snapshot' ? await store.offer(news.snapshot, news) : undefined;
    if (verdict?.type === 'refused') counters.rejectedSnapshots.add(verdict.fault.code);
    else if (news.type === 'snapshot' && verdict?.rewoundFrom !== undefined) {
      const { entry } = news.snapshot;
      log.warn({ seen: verdict.rewoundFrom, entry }, 'the database went back, which --accept-rewind takes');
    }
    const fault = health.heard(news, verdict);
    if (news.type === 'fault') counters.sourceFaults.add(news.fault.code);
    else if (fault && news.freshness?.fault) counters.sourceFaults.add(fault.code);
    if (fault) tell(fault);
    else if (wasFaulty && !health.fault) log.info('the source is well again');
  };
}

/** Counts and logs swaps. Resolves at the first one. */
export function reportSwaps({ store, counters, log }: RelayCore): Promise<void> {
  return new Promise((resolve) => {
    store.onSwap(({ before, served, flags }) => {
      const { project, revision, commit, digest } = served.snapshot;
      if (before) void counters.evaluations.catchUp(before.answers);
      counters.swaps++;
      const compileMs = Math.round(served.compileMs);
      log.info(
        {
          project,
          revision,
          commit,
          digest,
          from_cache: served.fromCache,
          changed_flags: flags.length,
          compile_ms: compileMs,
        },
        before ? 'snapshot swapped' : 'ready',
      );
      resolve();
    });
  });
}
