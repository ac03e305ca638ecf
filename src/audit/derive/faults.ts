// What is wrong with a commit's files, whoever wrote them: as the loader finds it, and beside it a renamed project and the variations of overrides. Pure.
import { variationsOf } from '../../definitions/checks/walk.ts';
import type { Loaded } from '../../definitions/load.ts';
import type { SourceFile } from '../../definitions/source-file.ts';
import type { EntryProblem } from '../content.ts';
import { nameOf, type Override } from './rows.ts';

/** What is wrong with the files themselves, whoever wrote them. */
export function faultsOf(
  { loaded, files }: { loaded: Loaded; files: readonly SourceFile[] },
  project: string,
  overrides: ReadonlyMap<string, Override>,
): EntryProblem[] {
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return errors.map(({ code, file, line, column }) => ({ code, file, line, column }));
  const { definitions } = loaded;
  if (!definitions || definitions.project.project !== project) return [renamedIn(files)];
  return definitions.all.flatMap((definition) => {
    if (definition.kind !== 'flag') return [];
    const { kind, key, path, body } = definition;
    const removed = Object.keys(definitions.project.environments).filter((environment) => {
      const override = overrides.get(nameOf({ kind, key, environment }));
      return override !== undefined && !Object.hasOwn(variationsOf(body), override.serve);
    });
    return removed.map(() => ({ code: 'overridden-variation-removed', file: path, line: 1, column: 1 }));
  });
}

function renamedIn(files: readonly SourceFile[]): EntryProblem {
  const file = files.find(({ path }) => path === 'project.yaml');
  const text = file?.kind === 'file' ? new TextDecoder().decode(file.content) : '';
  const lines = text.split(/\r\n|\r|\n/);
  const line = Math.max(1, 1 + lines.findIndex((each) => /^["']?project["']?\s*:/.test(each)));
  return { code: 'project-renamed', file: 'project.yaml', line, column: 1 };
}
