// Surprises in the life of a definition: wide edits, leaps over staging, expired flags that stay, flags that go.
import { flagBody } from '../../definitions/normal-form.ts';
import { ticked } from '../../lib/printable.ts';
import type { Definitions } from '../../model/definition.ts';
import type { ExperimentOutcome, FlagDefinition, Outcome } from '../../model/definitions.gen.ts';
import type { Warning } from '../plan.ts';
import { listed, type Surprising } from './surprising.ts';

/** So many flags make an edit of a segment wide. */
const MANY_FLAGS = 3;

export function wideSegments({ after, edits, compared }: Surprising): Warning[] {
  const last = Object.keys(after.project.environments).at(-1);
  return edits.flatMap(({ kind, key }): Warning[] => {
    if (kind !== 'segment' || last === undefined) return [];
    const flags = compared.flatMap(({ comparison, plan }) => {
      const isThrough = plan.through.some((each) => each.kind === kind && each.key === key);
      return isThrough && comparison.environment === last ? [comparison.flag] : [];
    });
    if (flags.length < MANY_FLAGS) return [];
    const message = `The segment ${ticked(key)} reaches ${ticked(last)} through ${flags.length.toLocaleString('en')} flags: ${listed(flags)}.`;
    return [{ code: 'wide-segment', kind, key, environment: last, message }];
  });
}

export function notInStaging({ before: old, after, edits }: Surprising): Warning[] {
  const [last, previous] = Object.keys(after.project.environments).reverse();
  if (last === undefined || previous === undefined) return [];
  return edits.flatMap(({ before: was, after: is }): Warning[] => {
    if (is?.kind !== 'flag') return [];
    const before = was?.kind === 'flag' ? was.body : undefined;
    const isOn = (environment: string) => givesSomething(is.body, environment, after);
    const wasOn = (environment: string) => before !== undefined && givesSomething(before, environment, old);
    if (!isOn(last) || wasOn(last) || isOn(previous) || wasOn(previous)) return [];
    const message = `${ticked(is.key)} is turned on in ${ticked(last)}, and is not on in ${ticked(previous)}.`;
    return [{ code: 'not-in-staging', kind: 'flag', key: is.key, environment: last, message }];
  });
}

export function extendedExpiries({ edits, today }: Surprising): Warning[] {
  return edits.flatMap(({ before, after }): Warning[] => {
    if (before?.kind !== 'flag' || after?.kind !== 'flag') return [];
    const [was, is] = [before.body.expires, after.body.expires];
    if (was === undefined || was >= today || (is !== undefined && is <= was)) return [];
    const goal = is === undefined ? 'stays for good' : `stays until ${is}`;
    const message = `${ticked(after.key)} was to be gone by ${was}, and now ${goal}.`;
    return [{ code: 'expiry-extended', kind: 'flag', key: after.key, message }];
  });
}

export function deletedFlags({ before: old, edits }: Surprising): Warning[] {
  return edits.flatMap(({ before, after }): Warning[] => {
    if (before?.kind !== 'flag' || after) return [];
    const where = Object.keys(before.body.environments).filter((name) =>
      givesSomething(before.body, name, old),
    );
    if (where.length === 0) return [];
    const message = `${ticked(before.key)} is deleted, and is on in ${listed(where)}: apps that still ask for it get their own default.`;
    return [{ code: 'flag-deleted', kind: 'flag', key: before.key, message }];
  });
}

/** Whether anyone can get anything but the `off` variation there. */
function givesSomething(
  flag: FlagDefinition,
  environment: string,
  definitions: Definitions | undefined,
): boolean {
  const { enabled, off, targets = {}, rules = [], fallthrough } = flagBody(flag, environment);
  if (!enabled) return false;
  const outcomes = [...rules.map(({ then }) => then), ...(fallthrough ? [fallthrough] : [])];
  return (
    Object.keys(targets).some((variation) => variation !== off) ||
    outcomes.some((outcome) =>
      'experiment' in outcome
        ? isRunning(outcome.experiment, environment, definitions)
        : givesOther(outcome, off),
    )
  );
}

function isRunning(key: string, environment: string, definitions: Definitions | undefined): boolean {
  const found = definitions?.all.find((each) => each.kind === 'experiment' && each.key === key);
  return (
    found?.kind === 'experiment' &&
    found.body.status === 'running' &&
    found.body.environments.includes(environment)
  );
}

function givesOther(outcome: Exclude<Outcome, ExperimentOutcome>, off: string | undefined): boolean {
  if ('rollout' in outcome)
    return outcome.rollout.variations.some(({ key, weight }) => key !== off && weight > 0);
  return outcome.serve !== off && outcome.percent !== 0;
}
