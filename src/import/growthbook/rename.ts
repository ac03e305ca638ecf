// Segments get their keys once all are known; until then conditions call them by provisional names.
import type { Condition, FlagEnvironment, Rule } from '../../model/definitions.gen.ts';
import type { Entry } from '../assemble.ts';

/** The entries with the segments that their conditions name called by their keys. */
export function renamed(entries: readonly Entry[], keys: ReadonlyMap<string, string>): Entry[] {
  const condition = (each: Condition): Condition => {
    if ('segment' in each) return { segment: keys.get(each.segment) ?? each.segment };
    if ('and' in each) return { and: each.and.map(condition) as [Condition, ...Condition[]] };
    if ('or' in each) return { or: each.or.map(condition) as [Condition, ...Condition[]] };
    return 'not' in each ? { not: condition(each.not) } : each;
  };
  const rule = (each: Rule): Rule => (each.if ? { ...each, if: condition(each.if) } : each);
  return entries.map((entry): Entry => {
    if (entry.kind === 'experiment') return entry;
    if (entry.kind === 'segment')
      return {
        ...entry,
        value: { ...entry.value, ...(entry.value.if && { if: condition(entry.value.if) }) },
      };
    const environments = Object.entries(entry.value.environments ?? {}).map(
      ([name, environment]): [string, FlagEnvironment] => [
        name,
        { ...environment, ...(environment.rules && { rules: environment.rules.map(rule) }) },
      ],
    );
    return { ...entry, value: { ...entry.value, environments: Object.fromEntries(environments) } };
  });
}
