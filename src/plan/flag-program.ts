// From a compiled flag to its program: the order in which its answer is found (evaluation.md, Order), with all open.
import type { ConditionNode } from '../engine/condition.ts';
import { type Flag, isMetBy, type RequirementNode } from '../engine/flag.ts';
import type { OutcomeNode } from '../engine/outcome.ts';
import type { RuleNode } from '../engine/rules.ts';
import { isOpen } from '../engine/window.ts';
import type { Decision } from '../model/decision.ts';
import type { Formula, Formulas } from './formula.ts';
import { type Give, outcomeProgram } from './outcome-program.ts';
import { answerOf, type Program } from './program.ts';
import type { Programs } from './programs.ts';
import type { Side } from './side.ts';
import { TooMuch } from './too-much.ts';

export interface Makers {
  readonly formulas: Formulas;
  readonly programs: Programs;
}

/** Whom of its targets a program is about: units that it does not name, those of one variation, or whoever comes. */
export type Whom = { targeted: string | undefined } | 'anyone';

/** Requirements of one flag, and what those require in turn. */
const MOST_REQUIRED = 200;

/** Turns the flags of one side into programs. All methods throw TooMuch where a flag is beyond the limits. */
export class FlagPrograms {
  readonly #side: Side;
  readonly #makers: Makers;
  readonly #formulas = new Map<ConditionNode, Formula>();
  readonly #answers = new Map<Decision, Program>();

  constructor(side: Side, makers: Makers) {
    this.#side = side;
    this.#makers = makers;
  }

  /** What an app gets that asks for a flag; of a key that is none it gets its own default. */
  of(key: string, whom: Whom = { targeted: undefined }): Program {
    const flag = this.#side.ruleset.flags.get(key);
    const { programs } = this.#makers;
    programs.begin();
    return flag ? this.#ahead(flag, this.#give, whom, this.#giving(flag, this.#give)) : programs.answer({});
  }

  /** One rule's outcome alone, whatever its time is; those whom it does not take pass on. */
  outcomeAlone(flag: Flag, node: OutcomeNode): Program {
    const { programs } = this.#makers;
    programs.begin();
    return this.#outcome(flag, node, this.#give, programs.passing);
  }

  /** What those get whom no rule takes. */
  fallthrough(flag: Flag): Program {
    this.#makers.programs.begin();
    return this.#outcome(flag, flag.fallthrough, this.#give, this.#give(flag.otherwise));
  }

  /** Who meets a requirement: the answer `met`; all others get `unmet`. */
  meeting(requirement: RequirementNode): Program {
    const { programs } = this.#makers;
    programs.begin();
    const [met, unmet] = [programs.answer({ variation: 'met' }), programs.answer({ variation: 'unmet' })];
    return this.#gate([requirement], met, unmet);
  }

  /** Who reaches an experiment of the flag: they get the answer `in`, all others `{}`. */
  reaching(flag: Flag, experiment: string): Program {
    const { programs } = this.#makers;
    programs.begin();
    const [reached, others] = [programs.answer({ variation: 'in' }), programs.answer({})];
    const outcome = (node: OutcomeNode, pass: Program) =>
      node.kind === 'experiment' && node.key === experiment
        ? reached
        : this.#outcome(flag, node, () => others, pass);
    return this.#ahead(flag, () => others, { targeted: undefined }, this.#rules(flag, outcome, others));
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

  readonly #give: Give = (decision) => {
    const known = this.#answers.get(decision) ?? this.#makers.programs.answer(answerOf(decision));
    this.#answers.set(decision, known);
    return known;
  };

  /** The rules and the fallthrough. */
  #giving(flag: Flag, give: Give): Program {
    const outcome = (node: OutcomeNode, pass: Program) => this.#outcome(flag, node, give, pass);
    return this.#rules(flag, outcome, give(flag.otherwise));
  }

  /** What comes before the rules: an override, the kill switch, requirements, targets. */
  #ahead(flag: Flag, give: Give, whom: Whom, rules: Program): Program {
    const first = this.#beforeAll(flag);
    if (first !== undefined) return give(first);
    const next = this.#targets(flag, give, whom, rules);
    const [requirement] = flag.requirements;
    return requirement ? this.#gate(flag.requirements, next, give(requirement.unmet)) : next;
  }

  /** What everyone gets at once, if there is such a thing. */
  #beforeAll({ override, disabled }: Flag): Decision | undefined {
    return override !== undefined && this.#side.nowMs < override.untilMs ? override.decision : disabled;
  }

  /**
   * Where all requirements are met, those of the required flags too, it goes on with `met`. A flag whose requirements are
   * unmet never meets one itself, so each that is required on the way is asked once.
   */
  #gate(requirements: readonly RequirementNode[], met: Program, unmet: Program): Program {
    const asked = new Map<string, RequirementNode>();
    const waiting = [...requirements];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const id = `${next.key} ${next.variation}`;
      if (asked.has(id)) continue;
      asked.set(id, next);
      if (asked.size > MOST_REQUIRED)
        throw new TooMuch(`more than ${MOST_REQUIRED} flags are required, one by way of the other`);
      if (next.flag && this.#beforeAll(next.flag) === undefined) waiting.push(...next.flag.requirements);
    }
    let program = met;
    for (const requirement of asked.values()) {
      const { flag } = requirement;
      const next = program;
      const give = (decision: Decision) => (isMetBy(requirement, decision) ? next : unmet);
      const first = flag && this.#beforeAll(flag);
      if (!flag) program = unmet;
      else if (first !== undefined) program = give(first);
      else program = this.#targets(flag, give, 'anyone', this.#giving(flag, give));
    }
    return program;
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
    return outcomeProgram(node, { give, pass, none: give(flag.noUnit) }, this.#side, this.#makers.programs);
  }
}
