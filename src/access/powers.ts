// What a person may do in each environment: the rules that decide for them, in data. Pure.
import type { AccessAction, AccessRule } from '../model/definitions.gen.ts';
import type { NumberedRule, Policy } from './policy.ts';

/** A rule that decides about some files for a person. */
export interface Power {
  action: AccessAction;
  /** Its place in the file, 1 for the first. */
  rule: number;
  role: string;
  /** Patterns; absent: all files that no rule before it decides about. */
  paths?: string[];
  /** How many others must approve. An override that needs some is none: an emergency cannot wait. */
  approvals: number;
  /** Who may approve all of these files, and who some of them, as their own rules' paths say; in the order of the file. */
  approvers: string[];
  someApprovers: string[];
}

export interface EnvironmentPowers {
  environment: string;
  /** In the order of ACTIONS, then of the rules. What none of them is about is refused. */
  powers: Power[];
}

export const ACTIONS: readonly AccessAction[] = ['change', 'change-access', 'override'];
/** The one file that `change-access` is about. */
const ACCESS_FILE = 'access.yaml';

/** @param environments in the order in which they are told */
export function powersOf(
  policy: Policy,
  person: string,
  environments: readonly string[],
): EnvironmentPowers[] {
  return environments.map((environment) => ({
    environment,
    powers: ACTIONS.flatMap((action) =>
      decidingRules(policy, person, action, environment).map((found) =>
        powerOf(policy, person, { action, environment }, found),
      ),
    ),
  }));
}

type Place = { action: AccessAction; environment: string };

function powerOf(policy: Policy, person: string, place: Place, { number, rule }: NumberedRule): Power {
  const { action } = place;
  const { role, paths, approvals = 0 } = rule;
  const others = approvals === 0 ? [] : Object.keys(policy.body.people).filter((other) => other !== person);
  const reach = new Map(others.map((other) => [other, reachOf(policy, other, place, paths)]));
  const isWhole = action === 'change-access' || paths === undefined;
  return {
    action,
    rule: number,
    role,
    ...(!isWhole && { paths }),
    approvals,
    approvers: others.filter((other) => reach.get(other) === 'all'),
    someApprovers: others.filter((other) => reach.get(other) === 'some'),
  };
}

/** How many of the files that patterns name someone may change there. */
function reachOf(
  policy: Policy,
  person: string,
  { action, environment }: Place,
  paths: AccessRule['paths'],
): 'all' | 'some' | 'none' {
  const rules = decidingRules(policy, person, action, environment).map(({ rule }) => rule);
  if (rules.length === 0) return 'none';
  if (action === 'change-access' || rules.some((rule) => rule.paths === undefined)) return 'all';
  const theirs = new Set(rules.flatMap((rule) => rule.paths ?? []));
  return paths?.every((path) => theirs.has(path)) ? 'all' : 'some';
}

/** The rules of which one is the first that fits, for some file: up to the first that is about all files. */
function decidingRules(
  policy: Policy,
  person: string,
  action: AccessAction,
  environment: string,
): NumberedRule[] {
  if (action === 'change-access') {
    const touch = { action, kind: 'access', key: 'access', path: ACCESS_FILE, environment };
    const decides = policy.ruleFor(person, touch);
    return decides ? [decides] : [];
  }
  const roles = policy.body.people[person]?.roles ?? [];
  const found: NumberedRule[] = [];
  const known = new Set<string>();
  for (const [index, rule] of policy.body.rules.entries()) {
    const { role, may, environments, paths } = rule;
    if (!roles.includes(role) || !may.includes(action) || !(environments?.includes(environment) ?? true))
      continue;
    if (paths?.every((path) => known.has(path))) continue;
    found.push({ number: index + 1, rule });
    if (paths === undefined) break;
    for (const path of paths) known.add(path);
  }
  return found;
}
