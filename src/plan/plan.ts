// A plan: what a change of definitions does, in words and numbers, and to whom. Plain JSON.
import type { Requirement } from '../access/requirements.ts';
import type { Change } from '../model/change.ts';
import type { WarningCode } from './warning-codes.ts';

export interface Plan {
  project: string;
  /** The instant whose schedules are compared (RFC 3339). */
  at: string;
  /** What changed, as the audit will keep it. */
  changes: Change[];
  /** Flags that a change touches, by key. */
  flags: FlagPlan[];
  /** In the order of the table of codes, then by kind, key and environment. */
  warnings: Warning[];
  /** Who may make the change and who must approve it, by the access policy of before. Absent where there is none. */
  access?: Requirement[];
}

export interface FlagPlan {
  flag: string;
  owner?: string;
  /** `affected`: its own file is the same, and something that it refers to is not. */
  action: 'created' | 'updated' | 'deleted' | 'affected';
  /** Those in which what decides differs, in the order of promotion; none where only words changed (a description, an owner). */
  environments: EnvironmentPlan[];
}

export interface EnvironmentPlan {
  environment: string;
  /** The changed definitions through which this flag is touched here: itself, a segment, a requirement, an experiment, the project. */
  through: { kind: string; key: string }[];
  /** Variations that have another value now: everyone who has one of these gets another answer, though its name stays. */
  values: ValueChange[];
  /**
   * The rules that differ, each looked at alone: of those for whom it holds, whoever comes before it. One that is not
   * open yet, or no more, passes everyone on.
   */
  rules: RulePlan[];
  /** Those who are told apart by attributes, and move. Nobody is in two of them, and who is in none keeps its answer. */
  cases: Case[];
  /** Of those whom cases do not speak of, since they have no unit. */
  without: WithoutUnits[];
  targets: TargetMoves;
  /** What is planned for later, as it is after the change. */
  schedule: ScheduledStep[];
  /** Why the cases are not all that can be said (more of them than the limit, say): whole sentences. Never silent. */
  limits: string[];
}

export interface ValueChange {
  variation: string;
  /** Canonical JSON, cut where it is long. */
  before: string;
  after: string;
}

/** Everyone of whom the same conditions hold and who is no target. Shares are of all units of the case, and exact. */
export interface Case {
  /** Conditions in words, of which exactly one holds for each of these. None: everyone. */
  when: string[];
  /** There where the case is of units that a definition names: how many they are. Their real buckets are counted. */
  units?: number;
  /**
   * What may decide in the case, in order: rules by name (`#2` without one), `everyone else`, `requires <flag>`,
   * `disabled`; nothing where there is no such flag.
   */
  rules: { before: string[]; after: string[] };
  /** Both sum to 100, in the order of the flag's variations. */
  before: Share[];
  after: Share[];
  /** Who gets another answer. Never empty. */
  moves: Move[];
}

/** `answer` is the variation; absent where the app's own default stands. */
export interface Share extends Amount {
  answer?: string;
  /** The answer is an error that makes apps use their own default. */
  error?: string;
  /** These get what other rules give them: the same before and after. `answer` is absent. */
  unchanged?: true;
}

/** From one answer to another one. The same name on both sides: the variation's value changed. */
export interface Way {
  from?: string;
  fromError?: string;
  to?: string;
  toError?: string;
}

/** How many go a way. */
export interface Move extends Way, Amount {}

/** Subjects in whom a split finds no unit: ways that some of them go, and that are not those of a whole case. */
export interface WithoutUnits {
  /** The attributes that they lack. */
  units: string[];
  /** Never empty. */
  moves: Way[];
}

export interface Amount {
  /** 0 … 100, exact: a terminating decimal. Of named units it is rounded down to hundredths, and `units` is exact. */
  percent: string;
  /** How many of the case's named units. */
  units?: number;
}

export interface RulePlan {
  /** Its name, `#2` without one, or `everyone else` for the fallthrough. */
  rule: string;
  action: 'created' | 'updated' | 'deleted';
  /** Its condition in words; absent where it holds for everyone. */
  when?: { before?: string; after?: string };
  /** Sum to 100; absent where there is no such rule. */
  before?: RuleShare[];
  after?: RuleShare[];
  /** Of those for whom it holds before and after; empty where it was not there on one side. */
  moves: RuleMove[];
}

/** `passes`: the rule does not take these units, and the next one decides. */
export interface RuleShare extends Share {
  passes?: true;
}

export interface RuleMove extends Move {
  fromPasses?: true;
  toPasses?: true;
}

/** The units that the flag's `targets` name, before or after. */
export interface TargetMoves {
  /** Named after, and not before. */
  added: number;
  /** No longer named: the rules decide about them. */
  removed: number;
  /** Named for another variation than before. */
  retargeted: number;
  /** Units, named before or after, who get another answer whatever their attributes are. */
  moved: number;
  /** Units who get another answer or not, as their attributes are. */
  depends: number;
  /** Who of `moved` goes where, counted; a goal that depends on attributes is left out. */
  moves: (Way & { units: number })[];
}

/** One instant at which what the flag gives changes by itself. */
export interface ScheduledStep {
  /** RFC 3339, as its author wrote it. */
  at: string;
  /** The rule, or `everyone else`. */
  rule: string;
  /** A ramp reaches this share (in percent), or the rule's window opens or closes. */
  does: { percent: number; linear?: true } | 'opens' | 'closes';
  /** It is over at the plan's instant. */
  past?: true;
}

export interface Warning {
  code: WarningCode;
  /** The definition that the warning is about. */
  kind: string;
  key: string;
  environment?: string;
  /** Whole sentences: what surprises, and whom. */
  message: string;
}
