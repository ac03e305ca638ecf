// Experiments that change while they run: what was measured before and after is not the same thing.

import { variationsOf } from '../../definitions/checks/walk.ts';
import { canonical } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { Definition } from '../../model/definition.ts';
import type { ExperimentDefinition, MetricDefinition } from '../../model/definitions.gen.ts';
import { branchesOf } from '../branches.ts';
import type { Comparison } from '../comparison.ts';
import type { Edit } from '../edits.ts';
import type { Warning } from '../plan.ts';
import { resultForAll } from '../result.ts';
import { unlessTooMuch } from '../too-much.ts';
import { listed, type Surprising } from './surprising.ts';

const CODE = 'running-experiment';

/** Its own definition changes, a metric of it, or who reaches it. */
export function runningExperiments(surprising: Surprising): Warning[] {
  return [
    ...surprising.edits.flatMap(editedWhileRunning),
    ...measuredOtherwise(surprising),
    ...servedOtherwise(surprising),
    ...surprising.compared.flatMap(({ comparison }) =>
      unlessTooMuch(
        () => reachedByOthers(comparison),
        () => [],
      ),
    ),
  ];
}

function editedWhileRunning({ before, after }: Edit): Warning[] {
  if (before?.kind !== 'experiment') return [];
  const told = (message: string): Warning => ({ code: CODE, kind: 'experiment', key: before.key, message });
  const { status } = before.body;
  if (after?.kind === 'experiment' && status === 'stopped' && after.body.status === 'running')
    return [told(`${ticked(before.key)} was stopped and runs again: ${AGAIN}`)];
  if (status !== 'running') return [];
  if (after?.kind !== 'experiment')
    return [told(`${ticked(before.key)} is deleted while it runs. Stop it first.`)];
  if (after.body.status === 'stopped') return [];
  const fields = differing(subjectOf(before.body), subjectOf(after.body));
  if (after.body.status === 'draft') fields.push('status');
  return [
    ...changing(before.key, fields, 'results from before and after do not compare').map(told),
    ...changing(before.key, differing(yardstickOf(before.body), yardstickOf(after.body)), PLAN_CHANGED).map(
      told,
    ),
  ];
}

const AGAIN = 'units that got an arm then count from then on. Give a new key to what is to be measured anew.';
const PLAN_CHANGED = 'a plan that changes once results can be seen finds more that is not there than it says';

/** A sentence about these fields of a running experiment; none for none. */
function changing(key: string, fields: readonly string[], so: string): string[] {
  if (fields.length === 0) return [];
  const verb = fields.length > 1 ? 'change' : 'changes';
  return [
    `${ticked(key)} is running, and its ${listed(fields)} ${verb}: ${so}. Stop it, and start another one.`,
  ];
}

/** What an experiment's result is about. Each environment has a result of its own, so which those are is no part of it. */
function subjectOf({ unit = 'targetingKey', exposures = 'first', ...rest }: ExperimentDefinition): Fields {
  const { flag, arms, traffic, layer, slot } = rest;
  const metrics = rest.metrics && { secondary: [], guardrails: [], ...rest.metrics };
  return { flag, arms, traffic, layer, slot, unit, metrics, exposures };
}

/** What says, before anyone has seen a result, how it is judged and when it is final. */
function yardstickOf({ analysis = {}, end }: ExperimentDefinition): Fields {
  const { alpha = 0.05, power = 0.8, minimumEffect, sequential, cuped } = analysis;
  return {
    'analysis.alpha': alpha,
    'analysis.power': power,
    'analysis.minimumEffect': minimumEffect,
    'analysis.sequential': sequential && { boundary: 'pocock', ...sequential },
    'analysis.cuped': cuped,
    end,
  };
}

interface Fields {
  [name: string]: unknown;
}

/** The names of fields whose values differ; what is absent is null. */
function differing(before: Fields, after: Fields): string[] {
  return Object.keys(after).filter(
    (name) => canonical(before[name] ?? null) !== canonical(after[name] ?? null),
  );
}

/** Running experiments whose metrics become other ones under the same name. */
function measuredOtherwise({ edits, after }: Surprising): Warning[] {
  const changed = edits.flatMap(({ before: was, after: is }) =>
    was?.kind === 'metric' && is?.kind === 'metric' && measure(was.body) !== measure(is.body) ? [is.key] : [],
  );
  if (changed.length === 0) return [];
  return after.all.flatMap((definition): Warning[] => {
    if (!isRunning(definition)) return [];
    const used = Object.values(definition.body.metrics ?? {})
      .flat()
      .filter((key) => changed.includes(key));
    if (used.length === 0) return [];
    const message = `${ticked(definition.key)} is running, and ${listed(used)} ${used.length > 1 ? 'are' : 'is'} measured otherwise: results from before and after do not compare.`;
    return [{ code: CODE, kind: 'experiment', key: definition.key, message }];
  });
}

/** Running experiments of whose arms one is another value under the same name. */
function servedOtherwise({ edits, before, after }: Surprising): Warning[] {
  const wasRunning = (key: string) => before?.all.some((each) => each.key === key && isRunning(each));
  return edits.flatMap(({ before: was, after: is }) => {
    if (was?.kind !== 'flag' || is?.kind !== 'flag') return [];
    const changed = differing(variationsOf(was.body), variationsOf(is.body));
    return after.all.flatMap((each): Warning[] => {
      if (!isRunning(each) || each.body.flag !== is.key || !wasRunning(each.key)) return [];
      const arms = changed.filter((name) => each.body.arms.some(({ variation }) => variation === name));
      if (arms.length === 0) return [];
      const what = arms.length > 1 ? 'have other values' : 'has another value';
      const message = `${ticked(each.key)} is running, and ${listed(arms)} ${what}: results from before and after do not compare.`;
      return [{ code: CODE, kind: 'experiment', key: each.key, message }];
    });
  });
}

function isRunning(definition: Definition): definition is Extract<Definition, { kind: 'experiment' }> {
  return definition.kind === 'experiment' && definition.body.status === 'running';
}

/** Everything about a metric but words. */
function measure({ description: _, owner: __, tags: ___, ...rest }: MetricDefinition): string {
  return canonical(rest);
}

/** Experiments whose subjects are others, since what comes before them in the flag changes. */
function reachedByOthers(comparison: Comparison): Warning[] {
  const { before, after, environment } = comparison;
  const running = [before, after].map((side) => {
    const { rules, fallthrough } = side.flag ?? { rules: { nodes: [] }, fallthrough: undefined };
    const outcomes = [...rules.nodes.map(({ outcome }) => outcome), fallthrough];
    return outcomes.flatMap((outcome) =>
      outcome?.kind === 'experiment' && outcome.running ? [outcome.key] : [],
    );
  });
  const both = new Set(running[0]?.filter((key) => running[1]?.includes(key)));
  return [...both].flatMap((key): Warning[] => {
    const isSalted = before.side.salt !== after.side.salt;
    const how = isSalted ? 'its units are dealt anew by another salt' : reachText(key, comparison);
    if (how === undefined) return [];
    const message = `${ticked(key)} is running, and ${how}: results from before and after do not compare.`;
    return [{ code: CODE, kind: 'experiment', key, environment, message }];
  });
}

/** Whether units that reached it in the flag no longer do, or the other way round; undefined for neither. */
function reachText(experiment: string, { before, after, flag, tools }: Comparison): string | undefined {
  if (!before.flag || !after.flag) return undefined;
  const whole = {
    assumptions: [],
    before: before.programs.reaching(before.flag, experiment),
    after: after.programs.reaching(after.flag, experiment),
  };
  const { leaves, unseen } = branchesOf(whole, tools);
  const moves = leaves.flatMap((leaf) => resultForAll(leaf.before, leaf.after, []).moves);
  const where = `in ${ticked(flag)}`;
  const [leave, join] = [moves.some(({ to }) => to === undefined), moves.some(({ to }) => to !== undefined)];
  if (unseen.length > 0 || (leave && join)) return `other units than before reach it ${where}`;
  if (leave) return `some of its units no longer reach it ${where}`;
  return join ? `units that did not reach it before now do ${where}` : undefined;
}
