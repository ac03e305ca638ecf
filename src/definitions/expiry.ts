// Flags that are past their day. Loading has no clock, so this warning is a step of its own.
import type { Problem } from '../model/problem.ts';
import type { Finding } from './finding.ts';
import type { Loaded } from './load.ts';
import { problemsOf } from './place.ts';

/** Warnings for the flags whose `expires` is before `today` (YYYY-MM-DD, UTC). */
export function expiredFlags(loaded: Loaded, today: string): Problem[] {
  return [...loaded.files.values()].flatMap((file) => {
    const { definition } = file;
    if (definition?.kind !== 'flag' || !definition.body.expires || definition.body.expires >= today)
      return [];
    const finding: Finding = {
      code: 'flag-expired',
      path: ['expires'],
      message: `The flag \`${definition.key}\` was to be gone by ${definition.body.expires}.`,
      hint: 'Remove it from the code and then here, or give it a later day.',
    };
    return problemsOf({ ...file, faults: [], findings: [] }, [finding], new Set());
  });
}
