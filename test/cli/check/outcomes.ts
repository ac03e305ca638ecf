// What a check of a few files comes to, without a folder.
import type { CheckOutcome } from '../../../src/cli/check/outcome.ts';
import { Sources } from '../../../src/cli/check/sources.ts';
import { load, PROJECT, sourceFiles, type Texts } from '../../definitions/support/project.ts';

export function outcomeOf(texts: Texts, { strict = false } = {}): CheckOutcome {
  const loaded = load(texts);
  return {
    ok: loaded.ok && !(strict && loaded.problems.length > 0),
    strict,
    path: 'flags',
    definitions: loaded.files.size,
    problems: loaded.problems,
    sources: new Sources(sourceFiles({ 'project.yaml': PROJECT, ...texts })),
  };
}
