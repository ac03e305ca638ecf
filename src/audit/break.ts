// A break: the first thing that a verifier finds not to be as the audit says.

export type BreakKind =
  /** An entry, or a row that follows from it, is not what was written. */
  | 'altered'
  /** Something that was written is gone from the middle. */
  | 'deleted'
  /** Something is there that no commit wrote. */
  | 'inserted'
  /** Entries stand in another order than they were written in. */
  | 'reordered'
  /** The newest entries are gone. */
  | 'truncated'
  /** An entry is not what follows from git, the policy and the entry before it. */
  | 'diverged-from-git'
  /** What is served, or what authors wrote, is not what the last entries left. */
  | 'serving-unaudited'
  /** PostgreSQL no longer refuses changes without an entry. */
  | 'triggers-off';

export interface Break {
  kind: BreakKind;
  /** The number of the entry that it is about. */
  entry?: number;
  /** What is wrong with which thing. */
  message: string;
}

export function broken(kind: BreakKind, message: string, entry?: number): Break {
  return { kind, message, ...(entry !== undefined && { entry }) };
}
