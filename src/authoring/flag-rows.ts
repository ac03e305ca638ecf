// Flags as rows of a table: what each is, who answers for it, and what it does in each environment.

import { fallthroughOf, offOf } from '../definitions/checks/walk.ts';
import type { Definitions } from '../model/definition.ts';
import type { FlagDefinition, FlagEnvironment, Outcome } from '../model/definitions.gen.ts';

export interface FlagRow {
  flag: string;
  /** Relative to the definitions' folder. */
  path: string;
  type: FlagDefinition['type'];
  owner?: string;
  tags: string[];
  /** YYYY-MM-DD; absent for a permanent one. */
  expires?: string;
  expired: boolean;
  /** Flags whose `requires` name it. */
  requiredBy: string[];
  /** What everyone else gets, and how many rules come first: `on`, `on 20%`, `2 rules, off`, `disabled`. */
  environments: { [environment: string]: string };
}

/** All flags by key. `today` is YYYY-MM-DD, in UTC. */
export function flagRows({ project, all }: Definitions, today: string): FlagRow[] {
  const flags = all.flatMap((each) => (each.kind === 'flag' ? [each] : []));
  const requiredBy = new Map<string, string[]>();
  for (const { key, body } of flags) {
    for (const { flag } of body.requires ?? []) requiredBy.set(flag, [...(requiredBy.get(flag) ?? []), key]);
  }
  return flags.map(({ key, path, body }) => ({
    flag: key,
    path,
    type: body.type,
    ...(body.owner !== undefined && { owner: body.owner }),
    tags: body.tags ?? [],
    ...(body.expires !== undefined && { expires: body.expires }),
    expired: body.expires !== undefined && body.expires < today,
    requiredBy: requiredBy.get(key) ?? [],
    environments: Object.fromEntries(
      Object.keys(project.environments).map((environment) => [environment, stateIn(body, environment)]),
    ),
  }));
}

function stateIn(flag: FlagDefinition, environment: string): string {
  const here = Object.hasOwn(flag.environments, environment) ? flag.environments[environment] : undefined;
  if (here === undefined || here.enabled === false) return 'disabled';
  const fallthrough = fallthroughOf(here);
  const last = fallthrough ? outcomeText(fallthrough) : (offOf(flag) ?? 'app’s default');
  return [...countsOf(here), last].join(', ');
}

function countsOf({ targets = {}, rules = [] }: FlagEnvironment): string[] {
  const units = Object.values(targets).reduce((sum, list) => sum + list.length, 0);
  return [
    ...(units > 0 ? [units === 1 ? '1 target' : `${units} targets`] : []),
    ...(rules.length > 0 ? [rules.length === 1 ? '1 rule' : `${rules.length} rules`] : []),
  ];
}

function outcomeText(outcome: Outcome): string {
  if ('experiment' in outcome) return `experiment ${outcome.experiment}`;
  if ('rollout' in outcome) {
    return outcome.rollout.variations.map(({ key, weight }) => `${key} ${weight}%`).join(' / ');
  }
  if (outcome.ramp) return `${outcome.serve} ramp`;
  return outcome.percent === undefined ? outcome.serve : `${outcome.serve} ${outcome.percent}%`;
}
