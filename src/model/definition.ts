// A definition: what an author writes in one YAML file.
import type { DefinitionByKind } from './definitions.gen.ts';

/** Tests of flags have a schema too, but define nothing. */
export type DefinitionKind = Exclude<keyof DefinitionByKind, 'test'>;

/** A definition that has passed every check, with its key and the file that it comes from (relative to the definitions' folder). */
export type Definition = {
  [Kind in DefinitionKind]: { kind: Kind; key: string; path: string; body: DefinitionByKind[Kind] };
}[DefinitionKind];

/** All definitions of a project, sorted by kind and key. `project` is the project file among them. */
export interface Definitions {
  project: DefinitionByKind['project'];
  all: Definition[];
}
