// The end of an experiment in its own file and in its flag's: it is stopped, and what it split serves one arm.
import type { Path } from '../../definitions/finding.ts';
import type { ExperimentDefinition, FlagDefinition } from '../../model/definitions.gen.ts';
import { lineOfComment, withMember, withoutMember, withValue } from '../member.ts';

/** What is concluded, and where. */
export interface Conclusion {
  experiment: string;
  /** The arm that everyone gets whom the experiment took, or would have taken. */
  arm: string;
  environments: readonly string[];
}

/**
 * The text of the experiment's file: stopped. Where it goes on in other environments it is no longer in these, and runs.
 * Throws UsageError where the file cannot be edited.
 */
export function concludedExperiment(
  text: string,
  { environments }: ExperimentDefinition,
  conclusion: Conclusion,
): string {
  const left = environments.filter((name) => !conclusion.environments.includes(name));
  if (left.length === 0) return withValue(text, ['status'], 'stopped');
  const gone = environments.flatMap((name, index) => (conclusion.environments.includes(name) ? [index] : []));
  return gone.reverse().reduce((before, index) => withoutMember(before, ['environments', index]), text);
}

/** A rule of the flag, by its name or its number, or `everyone else`. */
export interface Place {
  environment: string;
  rule: string;
  path: Path;
}

/** Where the flag gives the experiment's arms. */
export function placesOf({ environments }: FlagDefinition, { experiment, ...where }: Conclusion): Place[] {
  return where.environments.flatMap((environment): Place[] => {
    const here = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
    const path = ['environments', environment];
    const rules = (here?.rules ?? []).flatMap(({ name, then }, index) =>
      'experiment' in then && then.experiment === experiment
        ? [
            {
              environment,
              rule: name ?? `#${index + 1}`,
              path: [...path, 'rules', index, 'then', 'experiment'],
            },
          ]
        : [],
    );
    const isLast = here?.experiment === experiment;
    return isLast ? [...rules, { environment, rule: 'everyone else', path: [...path, 'experiment'] }] : rules;
  });
}

/** The text of the flag's file: each of the places serves the arm. Throws UsageError where the file cannot be edited. */
export function concludedFlag(text: string, places: readonly Place[], { arm }: Conclusion): string {
  return places.reduce((before, { path }) => withMember(before, path, 'serve', arm), text);
}

/** The lines of the flag's file, before it is changed, whose comments stand beside what it says of the arms. */
export function commentedLines(text: string, places: readonly Place[]): number[] {
  return places.flatMap(({ path }) => lineOfComment(text, path) ?? []);
}
