// What a promotion brings with it that its author may not expect.
import { fallthroughOf } from '../definitions/checks/walk.ts';
import { ticked } from '../lib/printable.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import type { FlagDefinition, Outcome } from '../model/definitions.gen.ts';

export type PromotionWarningCode =
  | 'dealt-anew'
  | 'experiment-does-not-run'
  | 'required-flag-disabled'
  | 'disabled'
  | 'enabled-again';

export interface PromotionWarning {
  code: PromotionWarningCode;
  message: string;
}

/** `definitions` are those before the promotion, and `from` and `to` environments of the project. */
export function promotionWarnings(
  definitions: Definitions,
  flag: FlagDefinition,
  from: string,
  to: string,
): PromotionWarning[] {
  const outcomes = outcomesIn(flag, from);
  if (!Object.hasOwn(flag.environments, from)) {
    const message = `The flag does not name ${from}, where it is disabled so: from now on it is in ${to} too.`;
    return [{ code: 'disabled', message }];
  }
  return [
    ...enabledWarnings(flag, from, to),
    ...saltWarnings(definitions, outcomes, from, to),
    ...experimentWarnings(definitions, outcomes, to),
    ...requirementWarnings(definitions, flag, to),
  ];
}

function outcomesIn(flag: FlagDefinition, environment: string): Outcome[] {
  const here = flag.environments[environment] ?? {};
  const last = fallthroughOf(here);
  return [...(here.rules ?? []).map((rule) => rule.then), ...(last ? [last] : [])];
}

/** A kill switch is for good, until someone means to release it. */
function enabledWarnings({ environments }: FlagDefinition, from: string, to: string): PromotionWarning[] {
  if (environments[to]?.enabled !== false || environments[from]?.enabled === false) return [];
  const message = `The flag is switched off in ${to} (\`enabled: false\`): from now on it is on there again.`;
  return [{ code: 'enabled-again', message }];
}

function saltWarnings(
  { project }: Definitions,
  outcomes: readonly Outcome[],
  from: string,
  to: string,
): PromotionWarning[] {
  const isDealt = outcomes.some(
    (outcome) => !('serve' in outcome) || outcome.percent !== undefined || outcome.ramp,
  );
  if (!isDealt || project.environments[from]?.salt === project.environments[to]?.salt) return [];
  const message = `The salts of ${from} and ${to} differ: the shares are the same, but units are dealt anew, so that others are in them.`;
  return [{ code: 'dealt-anew', message }];
}

function experimentWarnings(
  definitions: Definitions,
  outcomes: readonly Outcome[],
  to: string,
): PromotionWarning[] {
  const keys = new Set(outcomes.flatMap((outcome) => ('experiment' in outcome ? [outcome.experiment] : [])));
  return [...keys].flatMap((key) => {
    const experiment = find(definitions, 'experiment', key);
    if (!experiment || experiment.body.environments.includes(to)) return [];
    const message = `The experiment ${ticked(key)} does not run in ${to}: there it takes nobody. Add ${to} to its \`environments\` if it is to.`;
    return [{ code: 'experiment-does-not-run' as const, message }];
  });
}

function requirementWarnings(definitions: Definitions, flag: FlagDefinition, to: string): PromotionWarning[] {
  return (flag.requires ?? []).flatMap(({ flag: key }) => {
    const here = find(definitions, 'flag', key)?.body.environments[to];
    if (here && here.enabled !== false) return [];
    const message = `The flag requires ${ticked(key)}, which is disabled in ${to}, so that this one may be off there.`;
    return [{ code: 'required-flag-disabled' as const, message }];
  });
}

function find<Kind extends Definition['kind']>(
  { all }: Definitions,
  kind: Kind,
  key: string,
): Extract<Definition, { kind: Kind }> | undefined {
  return all.find(
    (each): each is Extract<Definition, { kind: Kind }> => each.kind === kind && each.key === key,
  );
}
