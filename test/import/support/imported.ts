// An import as a relay would serve it, for comparison with the peer's own engine.
import { snapshotOf } from '../../../src/definitions/environments.ts';
import { loadDefinitions } from '../../../src/definitions/load.ts';
import { compile } from '../../../src/engine/compile.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import type { Imported, ReportKind } from '../../../src/import/imported.ts';
import type { Context } from '../../../src/model/context.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { FlagDefinition } from '../../../src/model/definitions.gen.ts';

export type Decide = (flag: string, context: Context, nowMs?: number) => Decision;

/** Throws where `check` would find an error in what was imported. */
export function served(imported: Imported, environment = imported.environments[0] ?? ''): Decide {
  const encode = (path: string, value: unknown) => ({
    path,
    kind: 'file' as const,
    content: new TextEncoder().encode(JSON.stringify(value)),
  });
  const { attributes } = imported;
  const project = {
    project: 'acme/shop',
    environments: Object.fromEntries(imported.environments.map((name) => [name, { salt: `salt-${name}` }])),
    ...(attributes && { attributes }),
  };
  const files = [
    encode('project.yaml', project),
    ...imported.definitions.map(({ path, value }) => encode(path, value)),
  ];
  const loaded = loadDefinitions(files);
  if (!loaded.ok) {
    const errors = loaded.problems.filter(({ severity }) => severity === 'error');
    throw new Error(JSON.stringify(errors, null, 2));
  }
  const ruleset = compile(snapshotOf(loaded.definitions, environment, 1));
  return (flag, context, nowMs = 0) => evaluate(ruleset, flag, context, nowMs);
}

export function flagIn(imported: Imported, key: string): FlagDefinition {
  const definition = imported.definitions.find((each) => each.kind === 'flag' && each.key === key);
  if (definition?.kind !== 'flag') throw new Error(`no flag ${key} was imported`);
  return definition.value;
}

export function reported(imported: Imported, kind: ReportKind): { [what: string]: string } {
  const items = imported.report.filter((item) => item.kind === kind);
  return Object.fromEntries(items.map(({ what, reason }) => [what, reason]));
}
