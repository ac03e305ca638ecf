// A flag of GO Feature Flag as it changes with time: its scheduled steps, and the dates of its experiment.
import type { JsonValue } from '../../lib/json.ts';
import { type Noted, refuse } from '../notes.ts';
import { isObject, type JsonObject, member, objectsIn, textMember } from '../read.ts';
import { both, type Guard } from '../steps.ts';
import { timeOf } from './rule.ts';

/** The flag during a part of time; the phases follow each other and leave no gap. */
export interface Phase {
  window: Guard;
  disabled: boolean;
  variations: { [name: string]: JsonValue };
  rules: JsonObject[];
  defaultRule?: JsonObject;
}

interface State {
  disabled: boolean;
  variations: { [name: string]: JsonValue };
  rules: JsonObject[];
  defaultRule?: JsonObject;
  experimentation: JsonObject;
}

/** Throws Untranslatable where steps are not in the order of time, or add rules that a later step would lose. */
export function phasesOf(flag: JsonObject, place: Noted): Phase[] {
  let state = merged({ disabled: false, variations: {}, rules: [], experimentation: {} }, flag);
  const phases: Phase[] = [];
  let sinceMs: number | undefined;
  const steps = objectsIn(member(flag, 'scheduledRollout')).filter(
    (step) => member(step, 'date') !== undefined,
  );
  for (const [index, step] of steps.entries()) {
    const atMs = timeOf(member(step, 'date'), place);
    if (sinceMs !== undefined && atMs <= sinceMs)
      refuse(place, 'Its scheduled steps are not in the order of their dates.');
    const names = new Set(state.rules.map((rule) => textMember(rule, 'name')));
    const added = objectsIn(member(step, 'targeting')).some(
      (rule) => !names.has(textMember(rule, 'name') ?? ''),
    );
    // GO Feature Flag starts from the flag's own rules at each step.
    if (added && index < steps.length - 1)
      refuse(place, 'A scheduled step adds a rule, and another step follows.');
    phases.push(...inExperiment(state, windowOf(sinceMs, atMs), place));
    state = merged(state, step);
    sinceMs = atMs;
  }
  return [...phases, ...inExperiment(state, windowOf(sinceMs, undefined), place)];
}

function windowOf(fromMs: number | undefined, untilMs: number | undefined): Guard {
  return { when: true, ...(fromMs !== undefined && { fromMs }), ...(untilMs !== undefined && { untilMs }) };
}

/** Before and after an experiment the flag is disabled. Its end is still a part of it. */
function inExperiment({ experimentation, ...state }: State, window: Guard, place: Noted): Phase[] {
  const start = member(experimentation, 'start');
  const end = member(experimentation, 'end');
  if (start === undefined && end === undefined) return [{ ...state, window }];
  const during = windowOf(
    start === undefined ? undefined : timeOf(start, place),
    end === undefined ? undefined : timeOf(end, place) + 1,
  );
  return [{ ...state, window: both(window, during) }];
}

function merged(state: State, changes: JsonObject): State {
  const [disable, variations] = [member(changes, 'disable'), member(changes, 'variations')];
  const [rule, experimentation] = [member(changes, 'defaultRule'), member(changes, 'experimentation')];
  const defaultRule = isObject(rule) ? mergedRule(state.defaultRule ?? {}, rule) : state.defaultRule;
  return {
    disabled: typeof disable === 'boolean' ? disable : state.disabled,
    variations: { ...state.variations, ...(isObject(variations) && variations) },
    rules: mergedRules(state.rules, objectsIn(member(changes, 'targeting'))),
    ...(defaultRule && { defaultRule }),
    experimentation: { ...state.experimentation, ...(isObject(experimentation) && experimentation) },
  };
}

/** Rules of the same name are changed, others come last. */
function mergedRules(rules: readonly JsonObject[], changes: readonly JsonObject[]): JsonObject[] {
  const nameOf = (rule: JsonObject) => textMember(rule, 'name');
  const changed = rules.map((rule) => {
    const change = changes.findLast((each) => nameOf(each) !== undefined && nameOf(each) === nameOf(rule));
    return change ? mergedRule(rule, change) : rule;
  });
  const names = new Set(rules.map(nameOf));
  return [
    ...changed,
    ...changes.filter((change) => nameOf(change) === undefined || !names.has(nameOf(change))),
  ];
}

function mergedRule(rule: JsonObject, change: JsonObject): JsonObject {
  const result = { ...rule, ...change };
  const percentages = { ...asObject(rule.percentage), ...asObject(change.percentage) };
  for (const [name, percentage] of Object.entries(percentages))
    if (typeof percentage === 'number' && percentage < 0) delete percentages[name];
  if (Object.keys(percentages).length > 0) result.percentage = percentages;
  const [before, after] = [asObject(rule.progressiveRollout), asObject(change.progressiveRollout)];
  if (isObject(member(change, 'progressiveRollout')))
    result.progressiveRollout = {
      initial: { ...asObject(before.initial), ...asObject(after.initial) },
      end: { ...asObject(before.end), ...asObject(after.end) },
    };
  return result;
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
