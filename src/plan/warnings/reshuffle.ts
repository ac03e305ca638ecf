// Units that are dealt anew: what splits them before and after has nothing to do with one another.

import { canonical } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import { type Compared, rulePairs } from '../comparison.ts';
import type { Warning } from '../plan.ts';
import type { Dimension, Program } from '../program.ts';
import { unlessTooMuch } from '../too-much.ts';
import { listed, type Surprising } from './surprising.ts';

const CODE = 'reshuffle';

/** Salts, units, experiments and layers that change under a split; and flags that come back under another key. */
export function reshuffles(surprising: Surprising): Warning[] {
  const salted = new Map<string, string[]>();
  const warnings: Warning[] = [];
  for (const each of surprising.compared) {
    const { environment, flag } = each.comparison;
    const reasons = unlessTooMuch(
      () => reasonsIn(each),
      () => new Set<string>(),
    );
    if (reasons.has('salt')) salted.set(environment, [...(salted.get(environment) ?? []), flag]);
    reasons.delete('salt');
    if (reasons.size === 0) continue;
    const message = `${[...reasons].join(' ')} Who had one variation may get any other.`;
    warnings.push({ code: CODE, kind: 'flag', key: flag, environment, message });
  }
  const projects = [...salted].map(([environment, flags]): Warning => {
    const message = `The salt of ${ticked(environment)} changes: all units of ${listed(flags)} are dealt anew. Who had one variation may get any other.`;
    return { code: CODE, kind: 'project', key: surprising.after.project.project, environment, message };
  });
  return [...projects, ...warnings, ...recreated(surprising)];
}

/** Sentences, or `salt`. */
function reasonsIn({ comparison }: Compared): Set<string> {
  const reasons = new Set<string>();
  for (const { name, before, after } of rulePairs(comparison)) {
    const was = drawn(comparison.before.programs.outcomeAlone(before.flag, before.outcome));
    const is = drawn(comparison.after.programs.outcomeAlone(after.flag, after.outcome));
    const gone = was.filter(({ id }) => !is.some((other) => other.id === id));
    const added = is.filter(({ id }) => !was.some((other) => other.id === id));
    const [first, second] = [gone[0], added[0]];
    if (first && second) reasons.add(reasonFor(name, first, second, added));
  }
  return reasons;
}

function drawn(program: Program): Dimension[] {
  return [...program.dimensions.values()];
}

function reasonFor(rule: string, gone: Dimension, added: Dimension, all: readonly Dimension[]): string {
  const same = all.find(({ name }) => name === gone.name);
  if (same && same.unit === gone.unit) return 'salt';
  if (same)
    return `The ${purpose(same)} is dealt by ${ticked(same.unit)} and no longer by ${ticked(gone.unit)}: all its units are dealt anew.`;
  return `The rule ${ticked(rule)} is dealt by the ${purpose(added)} and no longer by the ${purpose(gone)}: its units are dealt anew.`;
}

/** Keys hold no colon (evaluation.md, Bucket). */
function purpose({ name }: Dimension): string {
  const [first = '', second] = name.split(':');
  if (second === undefined) return `flag ${ticked(name)}`;
  return first === 'layer' ? `layer ${ticked(second)}` : `experiment ${ticked(first)}`;
}

/** A flag that is deleted, and one that is created and splits units in the same way. */
function recreated({ edits }: Surprising): Warning[] {
  const gone = new Map<string, string>();
  for (const { before, after } of edits) {
    if (before?.kind === 'flag' && !after) gone.set(likeness(before.body), before.key);
  }
  return edits.flatMap(({ before, after }): Warning[] => {
    if (before || after?.kind !== 'flag') return [];
    const key = gone.get(likeness(after.body));
    if (key === undefined || !splits(after.body)) return [];
    const message = `${ticked(after.key)} is ${ticked(key)} under another key, and the key is part of every bucket: all its units are dealt anew.`;
    return [{ code: CODE, kind: 'flag', key: after.key, message }];
  });
}

/** What decides, without the key. */
function likeness({ type, variations, off, unit, requires, environments }: FlagDefinition): string {
  return canonical({ type, variations, off, unit, requires, environments });
}

function splits({ environments }: FlagDefinition): boolean {
  return Object.values(environments).some((here) =>
    [here, ...(here.rules ?? []).map(({ then }) => then)].some(
      (outcome) => 'percent' in outcome || 'ramp' in outcome || 'rollout' in outcome,
    ),
  );
}
