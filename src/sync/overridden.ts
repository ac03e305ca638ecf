// An emergency holds whatever is merged: no commit may remove the variation that an override serves. Pure.

import { rowId } from '../changes/row.ts';
import type { Overrides } from '../changes/wanted.ts';
import { variationsOf } from '../definitions/checks/walk.ts';
import { ticked } from '../lib/printable.ts';
import type { Definitions } from '../model/definition.ts';
import type { Problem } from '../model/problem.ts';

/**
 * One problem for each flag and environment whose override names a variation that the flag no longer has, in the order of
 * the flags, then of the environments. One that has ended counts too: a judgement asks no clock.
 */
export function removedVariations({ project, all }: Definitions, overrides: Overrides): Problem[] {
  if (overrides.size === 0) return [];
  return all.flatMap((definition) => {
    if (definition.kind !== 'flag') return [];
    const { kind, key, path, body } = definition;
    return Object.keys(project.environments).flatMap((environment): Problem[] => {
      const override = overrides.get(rowId({ kind, key, environment }));
      if (!override || Object.hasOwn(variationsOf(body), override.serve)) return [];
      return [
        {
          file: path,
          line: 1,
          column: 1,
          code: 'overridden-variation-removed',
          severity: 'error',
          message: `An emergency override serves the variation ${ticked(override.serve)} of ${ticked(key)} in ${environment} until ${override.until}, and the flag has no such variation here.`,
          hint: `Keep the variation, or end the override first: halyard override lift ${key} --environment ${environment} --reason "…"`,
        },
      ];
    });
  });
}
