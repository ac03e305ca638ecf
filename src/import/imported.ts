// What an import gives: definitions, the project that they need, and a report on everything that is not the same.
import type {
  AttributeDeclaration,
  ExperimentDefinition,
  FlagDefinition,
  SegmentDefinition,
} from '../model/definitions.gen.ts';

export type ImportedDefinition = {
  /** Relative to the definitions' folder. */
  path: string;
  key: string;
  /** Where it stood in the other system's file, for the comment at its top. */
  origin: string;
} & ImportedBody;

export type ImportedBody =
  | { kind: 'flag'; value: FlagDefinition }
  | { kind: 'segment'; value: SegmentDefinition }
  | { kind: 'experiment'; value: ExperimentDefinition };

/**
 * - `left-out`: not carried over, since it cannot be said in a definition. The app's own default stands.
 * - `changed`: carried over, but for the contexts that the reason names the answer differs.
 * - `re-dealt`: carried over with its numbers, but other units are in, since the hash is another one.
 * - `renamed`: carried over under another name.
 * - `ignored`: has no effect on what is served, and is not carried over.
 * - `kept`: carried over as it is.
 */
export type ReportKind = (typeof reportKinds)[number];

export const reportKinds = ['left-out', 'changed', 're-dealt', 'renamed', 'ignored', 'kept'] as const;

export interface ReportItem {
  /** The place in the other system's file, such as `flags.banner.targeting`. */
  what: string;
  kind: ReportKind;
  /** A whole sentence. */
  reason: string;
}

export interface Imported {
  /** Absent where one attribute is used as if it had two types: then nothing is declared, and nothing type-checked. */
  attributes?: { [name: string]: AttributeDeclaration };
  /** The environments that the definitions name, in the order of promotion as far as it is known. */
  environments: string[];
  /** Flags, segments and experiments, sorted by kind and key. */
  definitions: ImportedDefinition[];
  report: ReportItem[];
}

export interface ImportOptions {
  /** The environments that are asked for. */
  environments?: readonly string[];
  /** Those for a file that names none, where none are asked for. */
  fallback?: readonly string[];
}
