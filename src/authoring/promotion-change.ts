// What a promotion changes of a flag where it goes to.
import { type Body, patchOf } from '../changes/patch.ts';
import { personalAttributes } from '../changes/value-text.ts';
import { flagBody } from '../definitions/normal-form.ts';
import { canonical, sha256Hex } from '../lib/json.ts';
import type { Change } from '../model/change.ts';
import type { FlagDefinition, ProjectDefinition } from '../model/definitions.gen.ts';

/** The change of the environment's row, as a plan and the audit have it; undefined where it decides as before. */
export function promotionChange(
  project: ProjectDefinition,
  before: FlagDefinition,
  after: FlagDefinition,
  environment: string,
): Change | undefined {
  const [was, is] = [before, after].map((flag) => flagBody(flag, environment)) as unknown as [Body, Body];
  const [old, now] = [was, is].map((body) => sha256Hex(canonical(body)));
  if (old === now || old === undefined || now === undefined) return undefined;
  const patch = patchOf('flag', 'environment', was, is, personalAttributes(project));
  return { kind: 'flag', key: before.flag, environment, action: 'updated', before: old, after: now, patch };
}
