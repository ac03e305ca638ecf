// What a row of the fault matrix is: a fault with a name, what users see, what the operator sees, and how it is played.

/** A row of docs/faults.md, and the test of that title. */
export interface FaultRow {
  /** The test's title, and the row's name: a fact about the world. */
  name: string;
  /** What an app sees meanwhile. */
  users: string;
  /** What status, metrics and log say meanwhile. */
  operator: string;
  /** Why this machine cannot play it; undefined where it can. */
  unplayable?: () => string | undefined;
  /** Rejects where anything of that is not so. */
  play: () => Promise<void>;
}

/** The rows of one test file. */
export interface FaultGroup {
  title: string;
  /** The test file beside this one. */
  file: string;
  rows: readonly FaultRow[];
}

/** What most faults leave users with. */
export const UNNOTICED = 'nothing';
export const LAST_GOOD = 'the last good values';

/** Faults that only root can bring about: mounts and other users' files. */
export function withoutRoot(): string | undefined {
  return process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'needs root on Linux';
}
