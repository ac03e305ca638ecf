// The plan of a change: start reading here. Two sets of definitions go in, who moves comes out.

import { policyIn } from '../access/policy.ts';
import { type Requirement, requirementsOf } from '../access/requirements.ts';
import { touchesOf } from '../access/touch.ts';
import type { RowChange } from '../changes/diff.ts';
import { personalAttributes } from '../changes/value-text.ts';
import { canonical } from '../lib/json.ts';
import type { Attributes } from '../logic/literal.ts';
import type { Definitions } from '../model/definition.ts';
import type { ProjectDefinition } from '../model/definitions.gen.ts';
import { changesOf, differencesOf } from './changes.ts';
import type { Compared } from './comparison.ts';
import { type Edit, editsOf } from './edits.ts';
import { comparisonOf, environmentPlanOf, isEventful, type Known } from './environment-plan.ts';
import type { FlagPlan, Plan } from './plan.ts';
import { indexed } from './reach.ts';
import { type Sides, touchedIn } from './touch.ts';
import type { ExperimentTraffic } from './traffic.ts';
import { warningsOf } from './warnings/warnings-of.ts';

export interface PlanOptions {
  /** The instant whose schedules are compared, epoch milliseconds. */
  nowMs: number;
  /** The day on which expiry is judged, YYYY-MM-DD. */
  today: string;
  /** What real traffic says of the experiments of `measuredByChange`. Left out: nothing is said of it. */
  traffic?: readonly ExperimentTraffic[];
}

/**
 * Compares checked definitions. `before` is undefined where there was nothing. Shares are exact: they are computed from
 * the bucket arithmetic.
 */
export function planOf(before: Definitions | undefined, after: Definitions, options: PlanOptions): Plan {
  const { nowMs, today } = options;
  const edits = editsOf(before, after);
  const sides = sidesOf(before, after, nowMs);
  const known = knownOf(before, after);
  const compared = environmentsOf(before, after).flatMap((name) => comparedIn(name, sides, edits, known));
  const differences = edits.length === 0 ? undefined : differencesOf(before, after, edits);
  const access = accessOf(before, after, differences?.rows ?? []);
  return {
    project: after.project.project,
    at: new Date(nowMs).toISOString(),
    changes: differences ? changesOf(differences, known.personal) : [],
    flags: flagPlans(compared, edits, sides),
    warnings: warningsOf({ before, after, edits, compared, today, traffic: options.traffic }),
    ...(access && { access }),
  };
}

/** By the policy of before: a change is never judged by the policy that it brings. */
function accessOf(
  before: Definitions | undefined,
  after: Definitions,
  rows: readonly RowChange[],
): Requirement[] | undefined {
  const policy = policyIn(before);
  return policy && requirementsOf(policy, touchesOf(rows, environmentsOf(before, after)));
}

/** In the order of promotion after the change; those that are gone come last. */
export function environmentsOf(before: Definitions | undefined, after: Definitions): string[] {
  const names = [after, before].flatMap((side) => Object.keys(side?.project.environments ?? {}));
  return [...new Set(names)];
}

/** Both sides, ready to be looked things up in. */
export function sidesOf(before: Definitions | undefined, after: Definitions, nowMs: number): Sides {
  return {
    before,
    after,
    beforeById: before ? indexed(before) : new Map(),
    afterById: indexed(after),
    nowMs,
  };
}

/** The flags that the edits touch in an environment, and of which there is something to tell. */
export function comparedIn(
  environment: string,
  sides: Sides,
  edits: readonly Edit[],
  known: Known,
): Compared[] {
  const touched = touchedIn(environment, sides, edits);
  if (!touched) return [];
  const comparison = (key: string) => comparisonOf(key, environment, touched, known);
  return touched.flags.flatMap(({ key, through }) => {
    const plan = environmentPlanOf(comparison(key), through);
    const isOwn = through.some((each) => each.kind === 'flag' && each.key === key);
    // A new one, since what comparing has made can be large: only warnings look at it again.
    return isOwn || isEventful(plan) ? [{ comparison: comparison(key), plan }] : [];
  });
}

/** By key. Edited flags are there even where no environment has anything to tell. */
function flagPlans(compared: readonly Compared[], edits: readonly Edit[], sides: Sides): FlagPlan[] {
  const byFlag = Map.groupBy(compared, ({ comparison }) => comparison.flag);
  const edited = new Map(edits.flatMap((edit) => (edit.kind === 'flag' ? [[edit.key, edit] as const] : [])));
  return [...new Set([...edited.keys(), ...byFlag.keys()])].sort().map((flag) => {
    const definition = sides.afterById.get(`flag ${flag}`) ?? sides.beforeById.get(`flag ${flag}`);
    const owner = definition?.kind === 'flag' ? definition.body.owner : undefined;
    return {
      flag,
      ...(owner !== undefined && { owner }),
      action: actionOf(edited.get(flag)),
      environments: (byFlag.get(flag) ?? []).map(({ plan }) => plan),
    };
  });
}

function actionOf(edit: Edit | undefined): FlagPlan['action'] {
  if (!edit) return 'affected';
  if (!edit.before) return 'created';
  return edit.after ? 'updated' : 'deleted';
}

/** What the projects' attributes are. */
export function knownOf(before: Definitions | undefined, after: Definitions): Known {
  const personal = personalAttributes(before?.project, after.project);
  return { personal, attributes: attributesOf(before?.project, after.project) };
}

/** What contexts can hold, as both sides declare it; of what they declare differently nothing is known. */
function attributesOf(before: ProjectDefinition | undefined, after: ProjectDefinition): Attributes {
  const [was, is] = [(before ?? after).attributes, after.attributes];
  if (!was || !is) return undefined;
  const same = Object.entries(is).filter(
    ([name, declaration]) => !Object.hasOwn(was, name) || canonical(was[name]) === canonical(declaration),
  );
  return new Map([['targetingKey', { type: 'string' as const }], ...same]);
}
