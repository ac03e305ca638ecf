// What is concluded: whether the experiment can be, which arm, and where.
import type { Conclusion } from '../../authoring/conclude/definitions.ts';
import { hintFor } from '../../definitions/suggest.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { Definitions } from '../../model/definition.ts';
import type { ExperimentDefinition } from '../../model/definitions.gen.ts';

/** Why it cannot be concluded; undefined for one that runs. */
export function notRunning({ experiment, status }: ExperimentDefinition): string | undefined {
  if (status === 'running') return undefined;
  if (status === 'stopped') return `${ticked(experiment)} is stopped already: there is nothing to conclude.`;
  return `${ticked(experiment)} is a draft that has assigned nobody: there is nothing to conclude. Start it with \`status: running\`, or delete it.`;
}

/** Throws UsageError for an arm or an environment that the experiment does not have. */
export function conclusionOf(
  { experiment, arms, environments }: ExperimentDefinition,
  { project }: Definitions,
  arm: string,
  named: readonly string[] | undefined,
): Conclusion {
  const names = arms.map(({ variation }) => variation);
  if (!names.includes(arm)) {
    throw new UsageError(
      `${ticked(experiment)} has no arm ${ticked(arm)}. ${hintFor(arm, names, '', 'It has')}`.trim(),
    );
  }
  for (const name of named ?? []) {
    if (environments.includes(name)) continue;
    const isKnown = Object.hasOwn(project.environments, name);
    const what = isKnown ? `does not run in ${ticked(name)}` : `has no environment ${ticked(name)}`;
    throw new UsageError(
      `${ticked(experiment)} ${what}. ${hintFor(name, environments, '', 'It runs in')}`.trim(),
    );
  }
  return { experiment, arm, environments: [...new Set(named ?? environments)] };
}
