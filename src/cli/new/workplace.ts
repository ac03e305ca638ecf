// Where a new definition goes, and what is there already.
import { lstat, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, normalize, relative } from 'node:path';
import { keyFault } from '../../authoring/new/key.ts';
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import { hintFor } from '../../definitions/suggest.ts';
import { readFolder } from '../../io/folder.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import type { Definition, DefinitionKind } from '../../model/definition.ts';
import type { ProjectDefinition } from '../../model/definitions.gen.ts';
import { withPath } from '../path-option.ts';

export interface Workplace {
  loaded: Loaded;
  project: ProjectDefinition;
}

/** Reads the folder, whose other files may have problems. Throws UsageError without a project.yaml that can be read. */
export async function readWorkplace(path: string): Promise<Workplace> {
  const folder = await stat(path).catch(() => undefined);
  const loaded = loadDefinitions(folder ? await readFolder(path) : []);
  const file = loaded.files.get('project.yaml');
  if (!file) {
    throw new UsageError(
      `there is no project.yaml in ${path}; begin with \`${withPath('halyard new project organization/name', path)}\``,
    );
  }
  if (file.definition?.kind !== 'project') {
    throw new UsageError(
      `${join(path, 'project.yaml')} has errors: see \`${withPath('halyard check', path)}\``,
    );
  }
  return { loaded, project: file.definition.body };
}

/**
 * The new file's path within the definitions' folder `root`. Throws UsageError for a bad key, or a subfolder that is
 * elsewhere or that is not read.
 */
export async function newPath(key: string, root: string, subfolder = '.'): Promise<string> {
  const fault = keyFault(key);
  if (fault !== undefined) throw new UsageError(fault);
  const inner = normalize(subfolder);
  const parts = inner.split(/[\\/]/);
  if (isAbsolute(inner) || parts.includes('..')) {
    throw new UsageError(
      `--in names a folder within that of --path, such as \`checkout\`, and not ${ticked(inner)}`,
    );
  }
  for (const depth of parts.keys()) await requireRead(join(root, ...parts.slice(0, depth + 1)), root);
  return join(inner, `${key}.yaml`);
}

/** Links and repositories of their own are not read, so that a definition in them would be none. */
async function requireRead(folder: string, root: string): Promise<void> {
  const status = await lstat(folder).catch(() => undefined);
  const isRepository =
    relative(root, folder) !== '' && (await lstat(join(folder, '.git')).catch(() => false));
  if (basename(folder) !== '.git' && !status?.isSymbolicLink() && !isRepository) return;
  const what = status?.isSymbolicLink() ? 'a symbolic link' : 'of a git repository of its own';
  throw new UsageError(`definitions in ${folder} would not be read: it is ${what}`);
}

/** The file that defines this already, if there is one; it may have problems. */
export function pathOf({ files }: Loaded, kind: DefinitionKind, key: string): string | undefined {
  for (const { path, value } of files.values()) {
    if (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      value[kind] === key &&
      !isOther(value, kind)
    )
      return path;
  }
  return undefined;
}

/** An experiment's file names its flag by the same key as the flag's own. */
function isOther(value: object, kind: DefinitionKind): boolean {
  return kind === 'flag' && Object.hasOwn(value, 'experiment');
}

/** The keys of all definitions of a kind that have their shape. */
export function keysOf({ files }: Loaded, kind: DefinitionKind): string[] {
  return [...files.values()].flatMap(({ definition }) => (definition?.kind === kind ? [definition.key] : []));
}

/** A definition that the new one names. Throws UsageError where there is none. */
export function definitionOf<Kind extends DefinitionKind>(
  loaded: Loaded,
  kind: Kind,
  key: string,
): Extract<Definition, { kind: Kind }> {
  for (const { definition } of loaded.files.values()) {
    if (definition?.kind === kind && definition.key === key) {
      return definition as Extract<Definition, { kind: Kind }>;
    }
  }
  const hint = hintFor(key, keysOf(loaded, kind), `Begin one with \`halyard new ${kind}\`.`, 'There are');
  throw new UsageError(`there is no ${kind} ${ticked(key)}. ${hint}`);
}
