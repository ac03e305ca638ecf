// Generated from schemas/ by `npm run generate`. Do not edit.

export type Scalar = string | number | boolean;
/**
 * An SSH key's fingerprint as `ssh-keygen -l` prints it (`SHA256:…`), or an OpenPGP key's in upper-case hex digits.
 */
export type KeyFingerprint = string;
/**
 * Lower-case letters, digits, `.`, `_` and `-`; starts with a letter or digit; at most 100 characters. Unique per kind in the project, and the file is named after it.
 */
export type Key = string;
export type AccessAction = 'change' | 'change-access' | 'override';
/**
 * The name of a context attribute. `targetingKey` is one too. If the context has no attribute of exactly this name, dots walk into objects: `company.plan`.
 */
export type AttributeName = string;
/**
 * Units by their value. Numbers stand for their decimal text.
 */
export type UnitList = (string | number)[];
/**
 * One of: an attribute test, a segment, `and`, `or`, `not`. At most 16 levels of `and`, `or` and `not`.
 */
export type Condition = AttributeCondition | SegmentCondition | AndCondition | OrCondition | NotCondition;
/**
 * eq neq in not_in: equal by type and value. gt gte lt lte: numbers. contains starts_with ends_with (not_…): texts. matches not_matches: RE2 regular expression, unanchored. exists: present or not. semver_…: Semantic Versioning precedence. before after: RFC 3339 instants or epoch milliseconds. in_cidr not_in_cidr: IP addresses.
 */
export type OperatorName =
  | 'eq'
  | 'neq'
  | 'in'
  | 'not_in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'contains'
  | 'not_contains'
  | 'starts_with'
  | 'not_starts_with'
  | 'ends_with'
  | 'not_ends_with'
  | 'matches'
  | 'not_matches'
  | 'exists'
  | 'semver_eq'
  | 'semver_neq'
  | 'semver_gt'
  | 'semver_gte'
  | 'semver_lt'
  | 'semver_lte'
  | 'before'
  | 'after'
  | 'in_cidr'
  | 'not_in_cidr';
/**
 * An instant with its time and zone, such as 2026-12-01T09:00:00Z (RFC 3339).
 */
export type Instant = string;
/**
 * What those get for whom the rule holds: `serve` (with an optional `percent` or `ramp`), `rollout` or `experiment`.
 */
export type Outcome = ServeOutcome | RolloutOutcome | ExperimentOutcome;
/**
 * A percentage from 0 to 100, with at most two decimals.
 */
export type Percent = number;
/**
 * The share of the units as time goes: each step holds from its instant on. Before the first step it is 0 percent, from the last on that step's. Takes the place of `percent`.
 *
 * @minItems 1
 */
export type Ramp = RampStep[];
/**
 * Between two steps the share goes evenly from the one to the other, in hundredths of a percent, rounded down.
 */
export type Linear = true;
/**
 * An instant with its time and zone, such as 2026-12-24T00:00:00Z (RFC 3339).
 */
export type Clock = string;
/**
 * One name, a list of names of which any will do, or null for none.
 *
 * @minItems 1
 */
export type Names = string | null | (string | null)[];
export type Reason = string;
export type ErrorCode = string | null;

export interface DefinitionByKind {
  project: ProjectDefinition;
  access: AccessDefinition;
  flag: FlagDefinition;
  segment: SegmentDefinition;
  experiment: ExperimentDefinition;
  metric: MetricDefinition;
  test: FlagTest;
}
/**
 * The project file, `project.yaml` at the root of the definitions: its name, its environments and what apps may say about a subject.
 */
export interface ProjectDefinition {
  /**
   * organization/project, for example `acme/shop`. It can never change.
   */
  project: string;
  /**
   * The environments, in the order of promotion.
   */
  environments: {
    [k: string]: ProjectEnvironment;
  };
  /**
   * What apps may say about a subject. Conditions are type-checked against it; without `attributes` nothing is checked. `targetingKey` is always declared, as a string.
   */
  attributes?: {
    [k: string]: AttributeDeclaration;
  };
}
export interface ProjectEnvironment {
  /**
   * Part of every bucket: changing it reshuffles everyone. Any short random text, in quotes. Six characters hash fastest.
   */
  salt: string;
}
export interface AttributeDeclaration {
  /**
   * string, number, boolean, semver (a version text) or date (an RFC 3339 text or epoch milliseconds).
   */
  type: 'string' | 'number' | 'boolean' | 'semver' | 'date';
  /**
   * The values that occur.
   *
   * @minItems 1
   */
  values?: Scalar[];
  /**
   * The attribute holds a list of such values.
   */
  list?: boolean;
  /**
   * Personal data: never leaves the relay unhashed, and never reaches a log, a metric or an audit entry.
   */
  personal?: boolean;
  /**
   * What the attribute means, for authors.
   */
  description?: string;
}
/**
 * The access policy: who may change what. A commit is judged by the policy that is applied, never by the one that it brings.
 */
export interface AccessDefinition {
  /**
   * The policy's format.
   */
  access: 1;
  /**
   * Who there is. A person is known by the keys that they sign with, never by an e-mail address.
   */
  people: {
    [k: string]: Person;
  };
  /**
   * required: a commit without a valid signature of a known key is refused. recorded: signatures are verified and recorded, and an unsigned commit needs approvals.
   */
  signatures?: 'required' | 'recorded';
  /**
   * Keys that vouch for others: a forge's merge key, say.
   */
  trust?: {
    key: KeyFingerprint;
    /**
     * author: a commit that this key signs counts as signed by the person whose `emails` hold the author's address.
     */
    vouches: 'author';
  }[];
  /**
   * trusted: a `Reviewed-by:` line of a commit's message counts as that person's approval. recorded: it is kept, and counts for nothing.
   */
  trailers?: 'trusted' | 'recorded';
  /**
   * Keys that are worth nothing any more, whoever they belonged to.
   */
  revoked?: KeyFingerprint[];
  /**
   * The public keys, armored, of those who sign with OpenPGP: a fingerprint alone cannot verify them.
   */
  openpgp?: string[];
  /**
   * The first rule that fits decides. What fits none is refused.
   *
   * @minItems 1
   */
  rules: AccessRule[];
}
export interface Person {
  /**
   * As people call them.
   */
  name?: string;
  /**
   * The keys that they sign with. Without any, they can do nothing but appear.
   */
  keys?: KeyFingerprint[];
  /**
   * What they are here: the rules say what each role may do.
   */
  roles: Key[];
  /**
   * Their addresses as author, for commits that a trusted key vouches for. No patterns.
   *
   * Items: An address alone, such as bob@example.com.
   */
  emails?: string[];
  /**
   * Their login at GitHub, whose reviews count as theirs.
   */
  github?: string;
  /**
   * Their user name at GitLab, whose approvals count as theirs.
   */
  gitlab?: string;
}
export interface AccessRule {
  role: Key;
  /**
   * change: definitions. change-access: this policy. override: set and lift emergency overrides.
   *
   * @minItems 1
   */
  may: AccessAction[];
  /**
   * Only in these. Left out: in all.
   *
   * @minItems 1
   */
  environments?: Key[];
  /**
   * Only files that one of these patterns names, relative to the definitions' folder: `*` stands for anything within a folder or file name, `**` for any number of folders. Left out: all.
   *
   * @minItems 1
   */
  paths?: string[];
  /**
   * How many other people must approve.
   */
  approvals?: number;
}
/**
 * A feature flag: its variations, and who gets which one in each environment.
 */
export interface FlagDefinition {
  flag: Key;
  /**
   * What the flag does, for the people who read it in a year.
   */
  description?: string;
  /**
   * The team or person who answers for the flag.
   */
  owner?: string;
  /**
   * Free words to find flags by.
   */
  tags?: string[];
  /**
   * The day by which a temporary flag is to be gone, as YYYY-MM-DD. Either this or `permanent: true`.
   */
  expires?: string;
  /**
   * The flag stays for good (a kill switch, a setting).
   */
  permanent?: true;
  /**
   * The type of the flag's value.
   */
  type: 'boolean' | 'string' | 'number' | 'json';
  /**
   * The values that the flag can have, by name. A boolean flag has { on: true, off: false } unless it says otherwise; other types must list theirs.
   */
  variations?: {
    /**
     * The variation's value: anything of the flag's type but null.
     */
    [k: string]: boolean | string | number | {} | unknown[];
  };
  off?: Key;
  unit?: AttributeName;
  /**
   * Prerequisites: flags that must give these variations for the same context, else the flag is off.
   */
  requires?: Requirement[];
  /**
   * Who gets what, by environment. An environment that is not named here is disabled.
   */
  environments: {
    [k: string]: FlagEnvironment;
  };
}
export interface Requirement {
  flag: Key;
  variation: Key;
}
/**
 * Targets come first, then the first rule that holds, then everyone else: `serve`, `rollout` or `experiment`.
 */
export interface FlagEnvironment {
  /**
   * false is the kill switch: everyone gets the `off` variation.
   */
  enabled?: boolean;
  /**
   * Units that get a variation whatever the rules say, by variation. Each unit once.
   */
  targets?: {
    [k: string]: UnitList;
  };
  /**
   * The first rule that holds and takes the unit decides.
   */
  rules?: Rule[];
  serve?: Key;
  percent?: Percent;
  ramp?: Ramp;
  linear?: Linear;
  rollout?: Rollout;
  experiment?: Key;
}
export interface Rule {
  /**
   * Shown in every decision that this rule makes, in logs and in plans.
   */
  name?: string;
  if?: Condition;
  from?: Instant;
  until?: Instant;
  then: Outcome;
}
/**
 * Tests one attribute of the context. A missing attribute makes every operator false but `exists: false`.
 */
export interface AttributeCondition {
  attribute: AttributeName;
  operator: OperatorName;
  /**
   * What to compare with. A list means any of its elements (for a negated operator: none of them). Quote versions and anything else that YAML would read as a number.
   */
  value?: Scalar | Scalar[];
  /**
   * Folds upper and lower case on both sides, for texts.
   */
  ignore_case?: boolean;
}
/**
 * Holds for the units of a segment.
 */
export interface SegmentCondition {
  segment: Key;
}
/**
 * Holds when every one of its conditions holds.
 */
export interface AndCondition {
  /**
   * Conditions that must all hold.
   *
   * @minItems 1
   */
  and: Condition[];
}
/**
 * Holds when at least one of its conditions holds.
 */
export interface OrCondition {
  /**
   * Conditions of which at least one must hold.
   *
   * @minItems 1
   */
  or: Condition[];
}
/**
 * Holds when its condition does not.
 */
export interface NotCondition {
  not: Condition;
}
export interface ServeOutcome {
  serve: Key;
  percent?: Percent;
  ramp?: Ramp;
  linear?: Linear;
}
export interface RampStep {
  at: Instant;
  percent: Percent;
}
export interface RolloutOutcome {
  rollout: Rollout;
}
/**
 * Splits units between variations by weight. Weights are percentages and sum to exactly 100.
 */
export interface Rollout {
  /**
   * The shares, laid end to end in this order. A variation may have several, and a share may be 0.
   *
   * @minItems 1
   */
  variations: WeightedVariation[];
}
export interface WeightedVariation {
  key: Key;
  weight: Percent;
}
export interface ExperimentOutcome {
  experiment: Key;
}
/**
 * A named group of subjects that rules can share. `exclude` wins over `include`, `include` over `if`.
 */
export interface SegmentDefinition {
  segment: Key;
  /**
   * Who these people are.
   */
  description?: string;
  /**
   * The team or person who answers for the segment.
   */
  owner?: string;
  /**
   * Free words to find segments by.
   */
  tags?: string[];
  unit?: AttributeName;
  include?: UnitList;
  exclude?: UnitList;
  if?: Condition;
}
/**
 * An experiment: which units take part, which arm they get, and what is measured. A rule of its flag sends units to it.
 */
export interface ExperimentDefinition {
  experiment: Key;
  flag: Key;
  /**
   * What is tried.
   */
  description?: string;
  /**
   * What you expect to see, said before you look.
   */
  hypothesis?: string;
  /**
   * The team or person who answers for the experiment.
   */
  owner?: string;
  /**
   * Free words to find experiments by.
   */
  tags?: string[];
  /**
   * Only a running experiment assigns units.
   */
  status: 'draft' | 'running' | 'stopped';
  /**
   * The environments in which it runs.
   *
   * @minItems 1
   */
  environments: Key[];
  unit?: AttributeName;
  traffic?: Percent;
  layer?: Key;
  slot?: Slot;
  /**
   * The variations that are compared. The first arm is the baseline. Weights are percentages and sum to exactly 100.
   *
   * @minItems 1
   */
  arms: Arm[];
  /**
   * What decides, what else is looked at, and what must not get worse.
   */
  metrics?: {
    primary: Key;
    /**
     * Metrics that are looked at too; they do not decide.
     */
    secondary?: Key[];
    /**
     * Metrics that must not get worse by more than their `margin`.
     */
    guardrails?: Key[];
  };
  /**
   * Which exposures the relay reports: the first per unit (default), all, or none.
   */
  exposures?: 'first' | 'all' | 'off';
  /**
   * The planned end, as YYYY-MM-DD.
   */
  end?: string;
  /**
   * How the result is judged.
   */
  analysis?: {
    /**
     * The accepted probability of a false alarm.
     */
    alpha?: number;
    /**
     * The wanted probability of finding the minimum effect.
     */
    power?: number;
    /**
     * The smallest effect worth finding, relative to the baseline.
     */
    minimumEffect?: number;
    /**
     * Planned looks at the result before its end, without more false alarms.
     */
    sequential?: {
      /**
       * How many planned looks at the result.
       */
      looks: number;
      /**
       * The stopping boundary (default pocock).
       */
      boundary?: 'pocock' | 'obrien-fleming';
    };
    /**
     * Takes out of the result what the time before the experiment explains (CUPED).
     */
    cuped?: {
      /**
       * Days before the first exposure that the covariate covers.
       */
      days: number;
    };
  };
}
/**
 * The share of the layer that this experiment owns, [from, to) in percent. Slots of a layer must not overlap.
 */
export interface Slot {
  from: Percent;
  to: Percent;
}
export interface Arm {
  variation: Key;
  weight: Percent;
}
/**
 * A metric: how the events that apps track become a number per unit.
 */
export interface MetricDefinition {
  metric: Key;
  /**
   * What is counted, in words.
   */
  description?: string;
  /**
   * The team or person who answers for the metric.
   */
  owner?: string;
  /**
   * Free words to find metrics by.
   */
  tags?: string[];
  /**
   * The event name that apps track. A ratio has `numerator` and `denominator` instead.
   */
  event?: string;
  /**
   * binary: did it happen; count: how often, or the sum of `value`; mean: the average of `value`; ratio: one event per another.
   */
  type: 'binary' | 'count' | 'mean' | 'ratio';
  /**
   * The good direction.
   */
  direction: 'increase' | 'decrease';
  /**
   * count and mean: the event's property that is summed or averaged. `value` is the value of the tracked event itself.
   */
  value?: string;
  /**
   * ratio: the event above the line.
   */
  numerator?: string;
  /**
   * ratio: the event below the line.
   */
  denominator?: string;
  /**
   * Counted this long after the first exposure: a whole number and m, h or d, for example 7d.
   */
  window?: string;
  /**
   * Winsorise at this percentile, between 0 and 1.
   */
  cap?: number;
  /**
   * Guardrail: the relative loss that is still acceptable.
   */
  margin?: number;
}
/**
 * Tests of one flag, in a file named `….test.yaml`: who must get what. `halyard test` runs them.
 */
export interface FlagTest {
  test: Key;
  environment?: Key;
  /**
   * Environments in each of which every case runs.
   *
   * @minItems 1
   */
  environments?: Key[];
  at?: Clock;
  /**
   * What is tried, and what must come of it.
   *
   * @minItems 1
   */
  cases: TestCase[];
}
export interface TestCase {
  /**
   * What the case shows, as a sentence. Each name once in a file.
   */
  name: string;
  /**
   * Lists of values by name. The case runs once for each combination, with `${name}` replaced: alone it becomes the value itself, within a text its text.
   */
  matrix?: {
    /**
     * The values to try, each once.
     *
     * @minItems 1
     */
    [k: string]: unknown[];
  };
  at?: Clock;
  /**
   * Who asks: `targetingKey` and attributes, as an app sends them. Empty where it is left out; a null is a missing attribute.
   */
  context?: {};
  /**
   * Fixes experiments by key: the arm that the subject gets, or `none` to keep it out. Needs no unit.
   */
  experiments?: {
    /**
     * The arm's variation, or `none`.
     */
    [k: string]: string;
  };
  /**
   * Fixes the flag's own bucket to every number of each range (0-9999, both ends belong to it), and says which variation each must get. Needs no unit.
   */
  buckets?: {
    [k: string]: Names;
  };
  expect?: Expectation;
}
/**
 * What the decision must be. A list means any of its items, and null that the decision has none.
 */
export interface Expectation {
  /**
   * The value that the app gets; null where its own default stands. A list means any of them, but of a json flag it is the value itself.
   */
  value?: boolean | number | string | {} | unknown[] | null;
  variation?: Names;
  /**
   * Why, in OpenFeature's words. A list means any of them.
   */
  reason?: Reason | Reason[];
  rule?: Names;
  experiment?: Names;
  arm?: Names;
  requires?: Names;
  /**
   * The error, in OpenFeature's words; null where there is none. A list means any of them.
   */
  errorCode?: ErrorCode | ErrorCode[];
}
