// The ways through a flag that tests can take: what coverage counts, in one environment.
import type { Path } from '../definitions/finding.ts';
import { BUCKETS, shareOf } from '../engine/bucket.ts';
import type { Explanation } from '../engine/explain.ts';
import type { OutcomeExplanation } from '../engine/explain-outcome.ts';
import type { Flag } from '../engine/flag.ts';
import type { OutcomeNode } from '../engine/outcome.ts';
import type { RuleNode } from '../engine/rules.ts';
import { printable } from '../lib/printable.ts';
import { unreachable } from '../lib/unreachable.ts';

/** A way through a flag. */
export interface WayThrough {
  /** Unique within the flag and environment. */
  id: string;
  /** For people: `rule "US ramp", outside the percentage`. */
  name: string;
  /** Where it stands in the flag's definition. */
  path: Path;
}

/** Every way that some context could take at some time. `flag` is compiled for the environment. */
export function waysThrough(flag: Flag, environment: string): WayThrough[] {
  const here = ['environments', environment];
  if (flag.disabled) return [{ id: 'disabled', name: 'disabled', path: here }];
  const [required, isPassable] = requirementWays(flag);
  if (!isPassable) return required;
  const targets = Object.keys(flag.body.targets ?? {}).map((variation) => ({
    id: `targets ${variation}`,
    name: `targets of ${variation}`,
    path: [...here, 'targets', variation],
  }));
  const { nodes } = flag.rules;
  const last = nodes.findIndex(takesEveryone);
  const reached = last === -1 ? nodes : nodes.slice(0, last + 1);
  const rules = reached.flatMap(({ name, outcome }, index) =>
    sides(outcome, `rule ${index}`, `rule "${printable(name)}"`, [...here, 'rules', index]),
  );
  const rest = last === -1 ? sides(flag.fallthrough, 'fallthrough', 'everyone else', here) : [];
  return [...required, ...targets, ...rules, ...rest];
}

/** The ways that end at a requirement, and whether any goes on behind them. */
function requirementWays({ requirements }: Flag): [ways: WayThrough[], isPassable: boolean] {
  const ways: WayThrough[] = [];
  for (const [index, { key, variation, flag }] of requirements.entries()) {
    const gives = flag !== undefined && givesAll(flag, variation);
    if (gives === true) continue;
    const name = `requires ${key} = ${variation}, which is not so`;
    ways.push({ id: `requires ${index}`, name, path: ['requires', index] });
    if (gives === false) return [ways, false];
  }
  return [ways, true];
}

/** Whether no context gets past the rule, at any time. */
function takesEveryone({ condition, window, outcome }: RuleNode): boolean {
  return !condition && !window && !sharesOf(outcome)[1];
}

/** Which of them a case took. */
export function waysTaken({ steps }: Explanation): string[] {
  const count = { rule: 0, requirement: 0 };
  return steps.flatMap((step): string[] => {
    switch (step.step) {
      case 'override':
        return [];
      case 'enabled':
        return step.enabled ? [] : ['disabled'];
      case 'requirement': {
        const id = `requires ${count.requirement++}`;
        return step.met ? [] : [id];
      }
      case 'targets':
        return step.variation === undefined ? [] : [`targets ${step.variation}`];
      case 'rule': {
        const id = `rule ${count.rule++}`;
        return step.holds && step.outcome ? sideTaken(step.outcome, id) : [];
      }
      case 'fallthrough':
        return sideTaken(step.outcome, 'fallthrough');
      default:
        return unreachable(step);
    }
  });
}

/** One way for what takes everyone, two for what some pass by. */
function sides(outcome: OutcomeNode, id: string, name: string, path: Path): WayThrough[] {
  const taken = { id, name, path };
  const [inside, outside] = sharesOf(outcome);
  if (!outside) return [taken];
  const passed = { id: `${id} out`, name: `${name}, ${OUTSIDE[outcome.kind]}`, path };
  return inside ? [{ ...taken, name: `${name}, ${INSIDE[outcome.kind]}` }, passed] : [passed];
}

const INSIDE = {
  serve: '',
  split: 'in the percentage',
  ramp: 'in the ramp',
  experiment: 'in the experiment',
};
const OUTSIDE = {
  serve: '',
  split: 'outside the percentage',
  ramp: 'outside the ramp',
  experiment: 'not in the experiment',
};

/** Whether the outcome takes any unit, and whether it passes any by. */
function sharesOf(outcome: OutcomeNode): [inside: boolean, outside: boolean] {
  switch (outcome.kind) {
    case 'serve':
      return [true, false];
    case 'split': {
      const share = outcome.by === 'rollout' ? BUCKETS : (outcome.ranges[0]?.to ?? 0);
      return [share > 0, share < BUCKETS];
    }
    case 'ramp':
      // Before its first step it takes nobody, whatever comes then.
      return [outcome.ramp.steps.some(({ share }) => share > 0), true];
    case 'experiment': {
      if (!outcome.running) return [false, true];
      const { from, to } = outcome.running.inclusion;
      return [from < to, to - from < shareOf(100)];
    }
  }
}

/** None where the context has no unit: then there is neither a share that it is in, nor one that it is not in. */
function sideTaken(outcome: OutcomeExplanation, id: string): string[] {
  if (outcome.kind === 'serve' || outcome.gives !== undefined) return [id];
  if (outcome.kind === 'experiment') {
    if (!outcome.running) return [`${id} out`];
    return outcome.inclusion.bucket === undefined ? [] : [`${id} out`];
  }
  return outcome.bucket === undefined ? [] : [`${id} out`];
}

/** Whether the flag gives the variation to everyone, or to nobody. Undefined where contexts differ. */
function givesAll(
  { disabled, override, requirements, targets, rules, fallthrough }: Flag,
  variation: string,
): boolean | undefined {
  if (disabled && !override) return false;
  const isPlain = !override && requirements.length + targets.size + rules.nodes.length === 0;
  return isPlain && fallthrough.kind === 'serve' ? fallthrough.decision.variation === variation : undefined;
}
