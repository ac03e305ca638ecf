// A folder of definitions as it is on the disk: what it defines, whether it is in order or not.
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import { readFolder } from '../../io/folder.ts';
import type { Definition } from '../../model/definition.ts';
import type { ProjectDefinition } from '../../model/definitions.gen.ts';

/** Throws UsageError where the folder cannot be read. */
export async function loadFolder(folder: string): Promise<Loaded> {
  return loadDefinitions(await readFolder(folder, { followLinks: true }));
}

/** The definitions that are well-formed, though others may not be. */
export function definitionsOf({ files }: Loaded): Definition[] {
  return [...files.values()].flatMap(({ definition }) => definition ?? []);
}

/** The environments in the order of the project file; none where there is no such file. */
export function environmentsOf(definitions: readonly Definition[]): string[] {
  const project = definitions.find(({ kind }) => kind === 'project')?.body as ProjectDefinition | undefined;
  return Object.keys(project?.environments ?? {});
}

export async function environmentsIn(folder: string): Promise<string[]> {
  return environmentsOf(definitionsOf(await loadFolder(folder)));
}
