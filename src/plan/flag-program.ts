// From a compiled flag to its program: the order in which its answer is found (evaluation.md, Order), with all open.
import { BUCKETS } from '../engine/bucket.ts';
import type { Ruleset } from '../engine/compile.ts';
import type { ConditionNode } from '../engine/condition.ts';
import { type Flag, isMetBy, type RequirementNode } from '../engine/flag.ts';
import type { OutcomeNode, Range } from '../engine/outcome.ts';
import type { RuleNode } from '../engine/rules.ts';
import { isOpen } from '../engine/window.ts';
import type { Decision } from '../model/decision.ts';
import type { Formula, Formulas, SegmentSource } from './formula.ts';
import { answerOf, type Dimension, dimension, type Part, type Program, type Programs } from './program.ts';
import { TooMuch } from './too-much.ts';

/** One environment before or after the change, and when. */
export interface Side extends SegmentSource {
  readonly ruleset: Ruleset;
  readonly salt: string;
  readonly nowMs: number;
}

export interface Makers {
  readonly formulas: Formulas;
  readonly programs: Programs;
}

/** Where a decision leads: to its answer, or for a required flag on to the flag that requires it. */
type Give = (decision: Decision) => Program;

/** Whom of its targets a program is about: units that it does not name, those of one variation, or whoever comes. */
export type Whom = { targeted: string | undefined } | 'anyone';

/** Requirements are followed so many flags deep. */
const DEEPEST_REQUIREMENTS = 100;

/** Turns the flags of one side into programs. All methods throw TooMuch where a flag is beyond the limits. */
export class FlagPrograms {
  readonly #side: Side;
  readonly #makers: Makers;
  readonly #formulas = new Map<ConditionNode, Formula>();

  constructor(side: Side, makers: Makers) {
    this.#side = side;
    this.#makers = makers;
  }

  /** What an app gets that asks for a flag; of a key that is none it gets its own default. */
  of(key: string, whom: Whom = { targeted: undefined }): Program {
    const flag = this.#side.ruleset.flags.get(key);
    const { programs } = this.#makers;
    return flag
      ? this.#flag(flag, (decision) => programs.answer(answerOf(decision)), whom, 0)
      : programs.answer({});
  }

  /** One rule's outcome alone, whatever its time is; those whom it does not take pass on. */
  outcomeAlone(flag: Flag, node: OutcomeNode): Program {
    const { programs } = this.#makers;
    const passes = programs.answer({ passes: true });
    return this.#outcome(flag, node, (decision) => programs.answer(answerOf(decision)), passes);
  }

  /** What those get whom no rule takes. */
  fallthrough(flag: Flag): Program {
    const give = (decision: Decision) => this.#makers.programs.answer(answerOf(decision));
    return this.#outcome(flag, flag.fallthrough, give, give(flag.otherwise));
  }

  /** Who meets a requirement: the answer `met`; all others get `unmet`. */
  meeting(requirement: RequirementNode): Program {
    const { programs } = this.#makers;
    const [met, unmet] = [programs.answer({ variation: 'met' }), programs.answer({ variation: 'unmet' })];
    const give = (decision: Decision) => (isMetBy(requirement, decision) ? met : unmet);
    return requirement.flag ? this.#flag(requirement.flag, give, 'anyone', 1) : unmet;
  }

  /** Who reaches an experiment of the flag: they get the answer `in`, all others `{}`. */
  reaching(flag: Flag, experiment: string): Program {
    const { programs } = this.#makers;
    const [reached, others] = [programs.answer({ variation: 'in' }), programs.answer({})];
    const outcome = (node: OutcomeNode, pass: Program) =>
      node.kind === 'experiment' && node.key === experiment
        ? reached
        : this.#outcome(flag, node, () => others, pass);
    return this.#ahead(flag, () => others, { targeted: undefined }, this.#rules(flag, outcome, others), 0);
  }

  /**
   * For whom one rule decides, at any time: they get the answer `in`, all others `{}`. Rules before it whose time is
   * bounded, or whose ramp may be at nothing, may leave everyone to it.
   */
  deciding(flag: Flag, index: number): Program {
    const { formulas, programs } = this.#makers;
    const [taken, others] = [programs.answer({ variation: 'in' }), programs.answer({})];
    const nodes = flag.rules.nodes.slice(0, index + 1);
    const own = nodes.pop();
    if (!own) return others;
    const always = (node: OutcomeNode) =>
      node.kind === 'ramp' && node.ramp.steps.some(({ share }) => share > 0);
    let next = always(own.outcome) ? taken : this.#outcome(flag, own.outcome, () => taken, others);
    if (own.condition) next = programs.if(this.formulaOf(own.condition), next, others);
    for (const { condition, window, outcome } of nodes.toReversed()) {
      if (window !== undefined || outcome.kind === 'ramp') continue;
      const after = this.#outcome(flag, outcome, () => others, next);
      next = programs.if(condition ? this.formulaOf(condition) : formulas.always, after, next);
    }
    return next;
  }

  /** For whom a rule holds; undefined where its window is closed. */
  condition({ condition, window }: RuleNode): Formula | undefined {
    if (window !== undefined && !isOpen(window, this.#side.nowMs)) return undefined;
    return condition ? this.formulaOf(condition) : this.#makers.formulas.always;
  }

  formulaOf(condition: ConditionNode): Formula {
    const known = this.#formulas.get(condition) ?? this.#makers.formulas.of(condition, this.#side);
    this.#formulas.set(condition, known);
    return known;
  }

  #flag(flag: Flag, give: Give, whom: Whom, depth: number): Program {
    const outcome = (node: OutcomeNode, pass: Program) => this.#outcome(flag, node, give, pass);
    return this.#ahead(flag, give, whom, this.#rules(flag, outcome, give(flag.otherwise)), depth);
  }

  /** What comes before the rules: an override, the kill switch, requirements, targets. */
  #ahead(flag: Flag, give: Give, whom: Whom, rules: Program, depth: number): Program {
    const { override, disabled } = flag;
    if (override !== undefined && this.#side.nowMs < override.untilMs) return give(override.decision);
    if (disabled !== undefined) return give(disabled);
    if (depth > DEEPEST_REQUIREMENTS)
      throw new TooMuch(`flags require each other more than ${DEEPEST_REQUIREMENTS} deep`);
    let next = this.#targets(flag, give, whom, rules);
    for (const requirement of flag.requirements.toReversed()) {
      const [met, unmet] = [next, give(requirement.unmet)];
      const onward = (decision: Decision) => (isMetBy(requirement, decision) ? met : unmet);
      next = requirement.flag ? this.#flag(requirement.flag, onward, 'anyone', depth + 1) : unmet;
    }
    return next;
  }

  #targets(flag: Flag, give: Give, whom: Whom, rules: Program): Program {
    const { formulas, programs } = this.#makers;
    if (whom !== 'anyone') {
      const found = [...flag.targets.values()].find(({ variation }) => variation === whom.targeted);
      return whom.targeted !== undefined && found ? give(found) : rules;
    }
    let next = rules;
    for (const [decision, units] of Map.groupBy(flag.targets.keys(), (unit) => flag.targets.get(unit))) {
      if (!decision) continue;
      const named = formulas.units(flag.body.unit, units, `targets of ${flag.key}`);
      next = programs.if(named, give(decision), next);
    }
    return next;
  }

  #rules(flag: Flag, outcome: (node: OutcomeNode, pass: Program) => Program, otherwise: Program): Program {
    const { formulas, programs } = this.#makers;
    let next = outcome(flag.fallthrough, otherwise);
    for (const rule of flag.rules.nodes.toReversed()) {
      const condition = this.condition(rule);
      if (condition === undefined || condition === formulas.never) continue;
      const taken = outcome(rule.outcome, next);
      next = condition === formulas.always ? taken : programs.if(condition, taken, next);
    }
    return next;
  }

  #outcome(flag: Flag, node: OutcomeNode, give: Give, pass: Program): Program {
    switch (node.kind) {
      case 'serve':
        return give(node.decision);
      case 'ramp': {
        const share = { from: 0, to: node.ramp.shareAt(this.#side.nowMs), decision: node.decision };
        return this.#split(flag, node.bucket, [share], give, pass);
      }
      case 'split':
        return this.#split(flag, node.bucket, node.ranges, give, pass);
      case 'experiment': {
        if (node.running === undefined) return pass;
        const { inclusion, bucket, ranges } = node.running;
        const arms = this.#split(flag, bucket, ranges, give, pass);
        const parts = [
          { to: inclusion.from, program: pass },
          { to: inclusion.to, program: arms },
          { to: BUCKETS, program: pass },
        ];
        return this.#makers.programs.split(this.#dimension(inclusion.bucket), parts, give(flag.noUnit));
      }
    }
  }

  /** Ranges lie end to end from 0; those beyond them are passed on. */
  #split(flag: Flag, bucket: Bucket, ranges: readonly Range[], give: Give, pass: Program): Program {
    const parts: Part[] = ranges.map(({ to, decision }) => ({ to, program: give(decision) }));
    const { programs } = this.#makers;
    return programs.split(
      this.#dimension(bucket),
      [...parts, { to: BUCKETS, program: pass }],
      give(flag.noUnit),
    );
  }

  #dimension({ name, unit }: Bucket): Dimension {
    return dimension(this.#side.salt, name, unit);
  }
}

type Bucket = { readonly name: string; readonly unit: string };
