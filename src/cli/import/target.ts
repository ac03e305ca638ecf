// The folder that an import goes to: what is there already, and whether the new files go with it.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatDefinition } from '../../authoring/definition-text.ts';
import { editorLine, fileOf } from '../../authoring/new/lines.ts';
import { loadDefinitions } from '../../definitions/load.ts';
import { readFile } from '../../definitions/read-file.ts';
import type { SourceFile } from '../../definitions/source-file.ts';
import type { Imported } from '../../import/imported.ts';
import { readFolder } from '../../io/folder.ts';
import { UsageError } from '../../lib/errors.ts';
import { printable, ticked } from '../../lib/printable.ts';
import type { ProjectDefinition } from '../../model/definitions.gen.ts';
import type { Problem } from '../../model/problem.ts';
import { schemaPath } from '../schema-path.ts';

export interface Target {
  folder: string;
  files: readonly SourceFile[];
  /** Absent where the folder has no project.yaml yet. */
  project?: ProjectDefinition;
}

/** A folder that is not there is an empty one. Throws UsageError where its project.yaml cannot be read. */
export async function readTarget(folder: string): Promise<Target> {
  const files = existsSync(folder) ? await readFolder(folder) : [];
  const file = files.find(({ path }) => path === 'project.yaml');
  if (!file) return { folder, files };
  const read = file.kind === 'file' ? readFile(file.path, file.content) : undefined;
  if (read?.definition?.kind === 'project') return { folder, files, project: read.definition.body };
  throw new UsageError(
    `${join(folder, 'project.yaml')} has errors; \`halyard check --path ${folder}\` shows them`,
  );
}

/** What is imported into where neither the file nor anyone else says so: the project's only environment, or `prod`. */
export function fallbackOf({ project }: Target): string[] {
  const known = Object.keys(project?.environments ?? { prod: true });
  return known.length === 1 ? known : [];
}

/** Throws UsageError where the project has no environment of one of the names. */
export function requireEnvironments(names: readonly string[], { project, folder }: Target): void {
  const known = Object.keys(project?.environments ?? {});
  const unknown = project && names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(
    `there is no environment ${ticked(unknown)} in ${folder}, only ${known.join(', ')}: --environment says which to import into`,
  );
}

export interface NewFile {
  path: string;
  text: string;
}

/** The files of an import, with a project.yaml where there is none. `name` is that project's, organization/project. */
export async function filesOf(
  imported: Imported,
  { folder, project }: Target,
  name: string,
): Promise<NewFile[]> {
  const schemas = new Map<string, Promise<string | undefined>>();
  const written = async (path: string, kind: string, text: string): Promise<NewFile> => {
    const within = dirname(join(folder, path));
    const schema = schemas.get(`${kind} ${within}`) ?? schemaPath(within, kind);
    schemas.set(`${kind} ${within}`, schema);
    return { path, text: fileOf([...editorLine(await schema), text.trimEnd()]) };
  };
  const files = await Promise.all(
    imported.definitions.map(({ path, kind, value, origin }) =>
      written(path, kind, `# Imported from ${printable(origin, 200)}\n${formatDefinition(value)}`),
    ),
  );
  if (project) return files;
  const salted = imported.environments.map((each) => [each, { salt: randomBytes(3).toString('hex') }]);
  const { attributes = {} } = imported;
  const made: ProjectDefinition = {
    project: name,
    environments: Object.fromEntries(salted),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
  return [await written('project.yaml', 'project', formatDefinition(made)), ...files];
}

export interface Fit {
  /** Files that are there already. */
  conflicts: string[];
  /** Errors that the folder would have with the new files. */
  problems: Problem[];
  /** What project.yaml must declare first. */
  undeclared: string[];
}

/** Whether the new files go with what is there. Nothing is written unless all three are empty. */
export function fitOf(imported: Imported, files: readonly NewFile[], target: Target): Fit {
  const there = new Set(target.files.map(({ path }) => path));
  const conflicts = files.map(({ path }) => path).filter((path) => there.has(path));
  const declared = target.project?.attributes;
  const undeclared = declared
    ? Object.entries(imported.attributes ?? {})
        .filter(([name]) => !Object.hasOwn(declared, name))
        .map(([name, { type, list }]) => `${name}: { type: ${type}${list ? ', list: true' : ''} }`)
    : [];
  const encoder = new TextEncoder();
  const added = files
    .filter(({ path }) => !there.has(path))
    .map(({ path, text }) => ({ path, kind: 'file' as const, content: encoder.encode(text) }));
  const { problems } = loadDefinitions([...target.files, ...added]);
  return { conflicts, undeclared, problems: problems.filter(({ severity }) => severity === 'error') };
}

/** Writes the files. Fails rather than to overwrite one that has come meanwhile. */
export async function writeFiles(folder: string, files: readonly NewFile[]): Promise<void> {
  for (const { path, text } of files) {
    const place = join(folder, path);
    try {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, text, { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UsageError(`${place} cannot be written (${code})`, { cause: error });
    }
  }
}
