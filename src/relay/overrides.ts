// The emergency overrides that stand in a snapshot at a time.
import type { Snapshot } from '../model/snapshot.ts';

export interface StandingOverride {
  flag: string;
  serve: string;
  /** RFC 3339. */
  until: string;
}

/** By flag, in the snapshot's order. One that has ended stands no more, though its row still has it. */
export function standingOverrides({ definitions }: Snapshot, nowMs: number): StandingOverride[] {
  return definitions.flatMap((row) => {
    const override = row.kind === 'flag' ? row.body.override : undefined;
    return override && Date.parse(override.until) > nowMs ? [{ flag: row.key, ...override }] : [];
  });
}
