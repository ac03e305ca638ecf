// All definitions of one load by kind and key, for the checks that look at more than one file.
import type { DefinitionKind } from '../../model/definition.ts';
import type { DefinitionByKind, ProjectDefinition } from '../../model/definitions.gen.ts';
import type { Finding } from '../finding.ts';
import type { ReadFile } from '../read-file.ts';
import { Suggestions } from '../suggest.ts';

export interface Entry<Kind extends DefinitionKind = DefinitionKind> {
  file: ReadFile;
  key: string;
  body: DefinitionByKind[Kind];
}

type Entries<Kind extends DefinitionKind> = Map<string, Entry<Kind>>;

/** Takes a finding about a file. */
export type Report = (file: ReadFile, finding: Finding) => void;

/** The first file of a key, in the order of paths, is the one that counts. */
export interface World {
  /** Absent where project.yaml is missing or broken: what depends on it is not judged. */
  project: ProjectDefinition | undefined;
  access: Entry<'access'> | undefined;
  flag: Entries<'flag'>;
  segment: Entries<'segment'>;
  experiment: Entries<'experiment'>;
  metric: Entries<'metric'>;
  /** Names of files that could not be read: each may define anything of that key, so references to it are not judged. */
  unread: ReadonlySet<string>;
  suggestions: Suggestions;
}

/** Indexes the files, which are sorted by path, and reports keys that are defined twice. */
export function worldOf(files: readonly ReadFile[], unreadPaths: readonly string[], report: Report): World {
  const unread = new Set(unreadPaths.map(baseName));
  const world: World = {
    project: undefined,
    access: undefined,
    flag: new Map(),
    segment: new Map(),
    experiment: new Map(),
    metric: new Map(),
    unread,
    suggestions: new Suggestions(),
  };
  for (const file of files) {
    const { definition, path } = file;
    if (!definition) {
      unread.add(baseName(path));
    } else if (definition.kind === 'project') {
      if (path === 'project.yaml') world.project = definition.body;
    } else if (definition.kind === 'access') {
      if (path === 'access.yaml') world.access = { file, key: definition.key, body: definition.body };
    } else {
      const entries: Map<string, { file: ReadFile }> = world[definition.kind];
      const first = entries.get(definition.key);
      if (first) report(file, duplicate(definition.kind, definition.key, first.file.path));
      else entries.set(definition.key, { file, key: definition.key, body: definition.body } as Entry);
    }
  }
  return world;
}

function duplicate(kind: DefinitionKind, key: string, firstPath: string): Finding {
  return {
    code: 'duplicate-definition',
    path: [kind],
    message: `The ${kind} \`${key}\` is already defined in ${firstPath}.`,
    hint: 'Remove or rename one of the two.',
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/i, '');
}
