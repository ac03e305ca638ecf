// A flag compiled for one environment: the order in which its answer is found (evaluation.md, Order).
import type { Decision, DecisionMetadata } from '../model/decision.ts';
import type { ExperimentBody, FlagBody } from '../model/snapshot.ts';
import type { Bucket, Buckets } from './buckets.ts';
import { compileCondition } from './condition.ts';
import { DecisionMaker } from './decisions.ts';
import { refuseUnknown } from './members.ts';
import { Linked } from './memo.ts';
import { epochMs } from './operands/instant.ts';
import { compileOutcome, type OutcomeNode, type OutcomeSurroundings } from './outcome.ts';
import { Rules } from './rules.ts';
import type { Segment } from './segment.ts';
import { attributeReader, type Reader, type Subject, unitOf } from './subject.ts';
import { compileWindow } from './window.ts';

export interface RequirementNode {
  key: string;
  variation: string;
  /** Absent where there is no such flag: then it is never met. */
  flag: Flag | undefined;
  unmet: Decision;
}

/** What is compiled before a flag, and what the whole ruleset shares. */
export interface FlagSurroundings {
  where: DecisionMetadata;
  flags: ReadonlyMap<string, Flag>;
  segments: ReadonlyMap<string, Segment>;
  experiments: ReadonlyMap<string, ExperimentBody>;
  buckets: Buckets;
}

export class Flag extends Linked<Decision> {
  readonly key: string;
  readonly body: FlagBody;
  readonly override: { untilMs: number; decision: Decision } | undefined;
  /** Set where the flag is off for everyone. */
  readonly disabled: Decision | undefined;
  readonly requirements: readonly RequirementNode[];
  readonly targets: ReadonlyMap<string, Decision>;
  readonly rules: Rules;
  readonly fallthrough: OutcomeNode;
  /** Set where everyone gets the same answer at all times, which most flags are at rest. */
  readonly always: Decision | undefined;
  /** For those whom the fallthrough does not take. */
  readonly otherwise: Decision;
  /** For those without a unit where a split is reached. */
  readonly noUnit: Decision;
  readonly #decisions: DecisionMaker;
  readonly #readUnit: Reader;

  /** Throws an error that says what is wrong with the body. */
  constructor(
    key: string,
    body: FlagBody,
    around: FlagSurroundings,
    dependencies: readonly Linked<unknown>[],
  ) {
    super(dependencies);
    refuseUnknown('flag', body);
    const decisions = new DecisionMaker(key, body, around.where);
    this.key = key;
    this.body = body;
    this.override = compileOverride(body, decisions);
    this.disabled = body.enabled ? undefined : decisions.giveOff('DISABLED');
    this.requirements = compileRequirements(body, around.flags, decisions);
    this.targets = compileTargets(body, decisions);
    const { experiments, buckets } = around;
    const noUnit = decisions.fail('TARGETING_KEY_MISSING');
    let own: Bucket | undefined;
    const ownBucket = () => (own ??= buckets.alone(key, body.unit));
    const surroundings: OutcomeSurroundings = { ownBucket, decisions, noUnit, experiments, buckets };
    const rules = (body.rules ?? []).map((rule, index) => {
      refuseUnknown('rule', rule);
      const name = rule.name ?? `#${index + 1}`;
      return {
        name,
        condition: rule.if === undefined ? undefined : compileCondition(rule.if, around.segments),
        window: compileWindow(rule),
        outcome: compileOutcome(rule.then, surroundings, 'TARGETING_MATCH', name),
      };
    });
    this.rules = rules.length > 0 ? new Rules(rules) : NO_RULES;
    const isStatic = this.requirements.length + this.targets.size + rules.length === 0;
    const reason = isStatic ? 'STATIC' : 'DEFAULT';
    this.fallthrough = body.fallthrough
      ? compileOutcome(body.fallthrough, surroundings, reason)
      : serve(decisions.giveOff(reason));
    this.otherwise = decisions.giveOff('DEFAULT');
    this.noUnit = noUnit;
    const served = isStatic && this.fallthrough.kind === 'serve' ? this.fallthrough.decision : undefined;
    this.always = this.override ? undefined : (this.disabled ?? served);
    this.#decisions = decisions;
    this.#readUnit = attributeReader(body.unit);
  }

  /** Finds the answer anew; `ask` finds it once per evaluation. */
  decide(subject: Subject): Decision {
    if (this.always !== undefined) return this.always;
    if (this.override !== undefined && subject.nowMs < this.override.untilMs) return this.override.decision;
    if (this.disabled !== undefined) return this.disabled;
    for (const requirement of this.requirements) if (!isMet(requirement, subject)) return requirement.unmet;
    const target = this.target(subject);
    if (target !== undefined) return target;
    return this.rules.decide(subject) ?? this.fallthrough.decide(subject) ?? this.otherwise;
  }

  /** The answer for a unit that is named itself. */
  target(subject: Subject): Decision | undefined {
    if (this.targets.size === 0) return undefined;
    const unit = unitOf(this.#readUnit(subject.context));
    return unit === undefined ? undefined : this.targets.get(unit);
  }

  /** The answer to something that is no context. */
  invalidContext(): Decision {
    return this.#decisions.fail('INVALID_CONTEXT');
  }

  protected work(subject: Subject): Decision {
    return this.decide(subject);
  }
}

export function isMet(requirement: RequirementNode, subject: Subject): boolean {
  return requirement.flag !== undefined && isMetBy(requirement, requirement.flag.ask(subject));
}

/** A required flag that is disabled or errs never gives the required variation. */
export function isMetBy({ variation }: RequirementNode, decision: Decision): boolean {
  const { reason } = decision;
  return decision.variation === variation && reason !== 'DISABLED' && reason !== 'ERROR';
}

function compileOverride({ override }: FlagBody, decisions: DecisionMaker): Flag['override'] {
  if (override === undefined) return undefined;
  refuseUnknown('override', override);
  const decision = decisions.give(override.serve, 'STATIC', { override: override.until });
  return { untilMs: epochMs(override.until), decision };
}

// Shared by all flags that have none, which most are: what lies close together in memory is read faster.
const NO_REQUIREMENTS: readonly RequirementNode[] = [];
const NO_TARGETS: ReadonlyMap<string, Decision> = new Map();
const NO_RULES = new Rules([]);

function compileRequirements(
  body: FlagBody,
  flags: ReadonlyMap<string, Flag>,
  decisions: DecisionMaker,
): readonly RequirementNode[] {
  if (body.requires === undefined) return NO_REQUIREMENTS;
  return body.requires.map((requirement) => {
    refuseUnknown('requirement', requirement);
    const { flag: key, variation } = requirement;
    const flag = flags.get(key);
    if (flag && !Object.hasOwn(flag.body.variations, variation)) {
      throw new Error(`it requires the variation \`${variation}\`, which the flag \`${key}\` does not have`);
    }
    const unmet = decisions.giveOff('DISABLED', { requires: key });
    return { key, variation, flag, unmet };
  });
}

function compileTargets({ targets }: FlagBody, decisions: DecisionMaker): ReadonlyMap<string, Decision> {
  if (targets === undefined) return NO_TARGETS;
  const byUnit = new Map<string, Decision>();
  for (const [variation, units] of Object.entries(targets)) {
    const decision = decisions.give(variation, 'TARGETING_MATCH');
    for (const unit of units) byUnit.set(unit, decision);
  }
  return byUnit;
}

function serve(decision: Decision): OutcomeNode {
  return { kind: 'serve', decision, decide: () => decision };
}
