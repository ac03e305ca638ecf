// Which definitions differ, and in which environments that changes what is decided.
import { type EnvironmentBody, environmentDefinitions } from '../definitions/environments.ts';
import { segmentBody } from '../definitions/normal-form.ts';
import { canonical } from '../lib/json.ts';
import type { Definition, Definitions } from '../model/definition.ts';

/** Names a definition. */
export interface Reference {
  kind: string;
  key: string;
}

/** Before and after; one of them is absent for what is new or gone. */
export interface Edit extends Reference {
  before?: Definition;
  after?: Definition;
}

export function referenceId({ kind, key }: Reference): string {
  return `${kind} ${key}`;
}

/** The definitions that are new, gone, or differ in their bodies or files. Those that are the same object are not looked at. */
export function editsOf(before: Definitions | undefined, after: Definitions): Edit[] {
  const known = new Map((before?.all ?? []).map((each) => [referenceId(each), each]));
  const edits: Edit[] = [];
  for (const is of after.all) {
    const id = referenceId(is);
    const was = known.get(id);
    known.delete(id);
    const { kind, key } = is;
    if (!was) edits.push({ kind, key, after: is });
    else if (was.path !== is.path || isOther(was, is)) edits.push({ kind, key, before: was, after: is });
  }
  for (const was of known.values()) edits.push({ kind: was.kind, key: was.key, before: was });
  return edits;
}

function isOther(was: Definition, is: Definition): boolean {
  return was.body !== is.body && canonical(was.body) !== canonical(is.body);
}

/** The edits that change what decides in an environment, and not words alone, by `referenceId`. */
export function decidingEdits(
  edits: readonly Edit[],
  before: Definitions | undefined,
  after: Definitions,
  environment: string,
): Map<string, Edit> {
  const was = deciding(
    before,
    edits.flatMap((edit) => edit.before ?? []),
    environment,
  );
  const is = deciding(
    after,
    edits.flatMap((edit) => edit.after ?? []),
    environment,
  );
  const found = edits.filter((edit) => {
    const [from, to] = [was.get(referenceId(edit)), is.get(referenceId(edit))];
    // The salt of an environment that is new or gone deals nobody anew.
    const isSalt = edit.kind === 'project';
    return from !== to && !(isSalt && (from === undefined || to === undefined));
  });
  return new Map(found.map((edit) => [referenceId(edit), edit]));
}

/** The canonical text of what decides, of each definition that an environment needs. */
function deciding(
  definitions: Definitions | undefined,
  some: readonly Definition[],
  environment: string,
): Map<string, string> {
  const texts = new Map<string, string>();
  if (!definitions || !Object.hasOwn(definitions.project.environments, environment)) return texts;
  // A segment counts whether something refers to it there or not.
  for (const each of some)
    if (each.kind === 'segment') texts.set(referenceId(each), canonical(segmentBody(each.body)));
  const others = some.filter(({ kind }) => kind !== 'segment');
  const reduced = { project: definitions.project, all: others };
  for (const row of environmentDefinitions(reduced).get(environment) ?? [])
    texts.set(referenceId(row), decidingText(row));
  return texts;
}

function decidingText({ kind, body, text }: EnvironmentBody): string {
  if (kind === 'project') return body.salt;
  if (kind !== 'flag') return text;
  const { description: _, owner: __, expires: ___, type: ____, ...rest } = body;
  return canonical(rest);
}
