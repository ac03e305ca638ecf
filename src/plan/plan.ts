// A plan: what a change of definitions does, in words and numbers, and to whom. Plain JSON.
import type { Change } from '../model/change.ts';

export interface Plan {
  project: string;
  /** The instant whose schedules are compared (RFC 3339). */
  at: string;
  /** What changed, as the audit will keep it. */
  changes: Change[];
  /** Flags that a change touches, by key. */
  flags: FlagPlan[];
  warnings: Warning[];
}

export interface FlagPlan {
  flag: string;
  owner?: string;
  action: 'created' | 'updated' | 'deleted';
  /** Those that a change touches, in the order of promotion. */
  environments: EnvironmentPlan[];
}

export interface EnvironmentPlan {
  environment: string;
  /** The changed definitions through which this flag is touched here: itself, a segment, a requirement, an experiment, the project. */
  through: { kind: string; key: string }[];
  /** Those who are told apart by attributes. No case: nobody moves. Cases of which nothing changes are left out. */
  cases: Case[];
  /** Units that are named in targets and get another answer, now or before. */
  targets: { moved: number; examples?: never };
  /** Why the shares are not all that can be said: more cases than the limit, say. Never silent. */
  limits: string[];
}

/** Everyone of whom the same conditions hold. Shares are of all units of the case, and exact. */
export interface Case {
  /** The conditions in words; empty for everyone. */
  when: string;
  /** The rules that decide in the case, in order, before and after. `everyone else` stands for the fallthrough. */
  rules: { before: string[]; after: string[] };
  before: Share[];
  after: Share[];
  /** Who gets another answer; empty where only the reason differs. */
  moves: Move[];
}

/** `answer` is the variation; absent where the app's own default stands. */
export interface Share {
  answer?: string;
  /** 0 … 100, exact: a terminating decimal. */
  percent: string;
}

export interface Move {
  from?: string;
  to?: string;
  percent: string;
}

export type WarningCode =
  | 'reshuffle'
  | 'reordered-arms'
  | 'unreachable'
  | 'running-experiment'
  | 'wide-segment'
  | 'not-in-staging'
  | 'expiry-extended';

export interface Warning {
  code: WarningCode;
  /** The definition that the warning is about. */
  kind: string;
  key: string;
  environment?: string;
  /** Whole sentences: what surprises, and whom. */
  message: string;
}
