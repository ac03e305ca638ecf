// Walks over what stands inside a definition, each thing with its path. Recursion is bounded by the YAML nesting.
import type {
  AttributeCondition,
  Condition,
  FlagDefinition,
  FlagEnvironment,
  Outcome,
  Rule,
} from '../../model/definitions.gen.ts';
import type { Path } from '../finding.ts';

export interface PlacedCondition {
  condition: Condition;
  path: Path;
  /** How many `and`, `or` and `not` it stands in, itself included. */
  depth: number;
}

/** Every condition of a tree, parents first. */
export function conditionsIn(root: Condition | undefined, path: Path): PlacedCondition[] {
  const found: PlacedCondition[] = [];
  if (root) collect(root, path, 0, found);
  return found;
}

function collect(condition: Condition, path: Path, depth: number, found: PlacedCondition[]): void {
  const isTest = 'attribute' in condition || 'segment' in condition;
  const here = isTest ? depth : depth + 1;
  found.push({ condition, path, depth: here });
  if ('not' in condition) collect(condition.not, [...path, 'not'], here, found);
  if ('and' in condition) {
    for (const [i, part] of condition.and.entries()) collect(part, [...path, 'and', i], here, found);
  }
  if ('or' in condition) {
    for (const [i, part] of condition.or.entries()) collect(part, [...path, 'or', i], here, found);
  }
}

export interface PlacedTest {
  test: AttributeCondition;
  path: Path;
}

/** The tests of attributes among conditions. */
export function testsAmong(conditions: readonly PlacedCondition[]): PlacedTest[] {
  return conditions.flatMap(({ condition, path }) =>
    'attribute' in condition ? [{ test: condition, path }] : [],
  );
}

/** What everyone else gets: the environment's own `serve`, `rollout` or `experiment`. */
export function fallthroughOf({
  serve,
  percent,
  ramp,
  linear,
  rollout,
  experiment,
}: FlagEnvironment): Outcome | undefined {
  if (serve !== undefined) {
    return {
      serve,
      ...(percent !== undefined && { percent }),
      ...(ramp && { ramp }),
      ...(linear && { linear }),
    };
  }
  if (rollout) return { rollout };
  return experiment === undefined ? undefined : { experiment };
}

export interface PlacedRule {
  rule: Rule;
  path: Path;
}

/** The rules of every environment. */
export function rulesOf(flag: FlagDefinition): PlacedRule[] {
  return Object.entries(flag.environments).flatMap(([environment, { rules = [] }]) =>
    rules.map((rule, i) => ({ rule, path: ['environments', environment, 'rules', i] })),
  );
}

export interface PlacedOutcome {
  outcome: Outcome;
  path: Path;
  environment: string;
}

/** The outcomes of every rule and every fallthrough. */
export function outcomesOf(flag: FlagDefinition): PlacedOutcome[] {
  return Object.entries(flag.environments).flatMap(([environment, body]) => {
    const path = ['environments', environment];
    const rules = (body.rules ?? []).map(({ then }, i) => ({
      outcome: then,
      path: [...path, 'rules', i, 'then'],
      environment,
    }));
    const fallthrough = fallthroughOf(body);
    return fallthrough ? [...rules, { outcome: fallthrough, path, environment }] : rules;
  });
}

/** The variations of a flag: a boolean one has `on` and `off` unless it says otherwise. */
export function variationsOf(flag: FlagDefinition): NonNullable<FlagDefinition['variations']> {
  return flag.variations ?? (flag.type === 'boolean' ? { on: true, off: false } : {});
}

/** The variation served while a flag is off. A boolean one takes its `off`; undefined: the app's own default stands. */
export function offOf(flag: FlagDefinition): string | undefined {
  return (
    flag.off ?? (flag.type === 'boolean' && Object.hasOwn(variationsOf(flag), 'off') ? 'off' : undefined)
  );
}
