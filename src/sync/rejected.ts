// What is kept of a commit that was rejected: its entry, and what kept it from being applied. Pure.
import type { CommitContent, EntryProblem } from '../audit/content.ts';
import type { Evidence } from '../model/evidence.ts';

/** What the entry of the last judged commit says, where it was rejected: as far as it decides about judging again. */
export interface Rejected {
  entry: number;
  commit: string;
  evidence: readonly Evidence[];
  obstacle: Obstacle;
  problems: readonly EntryProblem[];
}

/** Undefined for what was applied. */
export function rejectedBy({
  action,
  entry,
  commit,
  evidence,
  problems,
}: CommitContent): Rejected | undefined {
  return action === 'commit.rejected'
    ? { entry, commit, evidence, obstacle: obstacleOf(problems), problems }
    : undefined;
}

/** What keeps a commit from being applied, from the least to the most that has to happen. */
export const OBSTACLES = ['approval-missing', 'access-denied', 'signature', 'definitions'] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/** The largest one. What is no problem of access is one of the definitions. */
export function obstacleOf(problems: readonly { code: string }[]): Obstacle {
  const sizes = problems.map(({ code }) => {
    const size = OBSTACLES.findIndex((obstacle) => obstacle === code || code.startsWith(`${obstacle}-`));
    return size < 0 ? OBSTACLES.length - 1 : size;
  });
  return OBSTACLES[Math.max(...sizes)] ?? 'definitions';
}
