// The snapshot: one environment at one revision, all that a relay needs, as plain JSON with a digest.
import { canonical, type JsonValue, sha256Hex } from '../lib/json.ts';
import type {
  AttributeDeclaration,
  ExperimentDefinition,
  FlagDefinition,
  Outcome,
  Requirement,
  Rule,
  SegmentDefinition,
} from './definitions.gen.ts';

/** The project file, as one environment needs it. */
export interface ProjectBody {
  salt: string;
  attributes?: { [name: string]: AttributeDeclaration };
}

/**
 * A flag in one environment: defaults filled in, units as text, empty lists left out, so that two ways to write the
 * same thing are one body. Percentages stay as written, in percent.
 */
export interface FlagBody extends Pick<FlagDefinition, 'type' | 'description' | 'owner' | 'expires'> {
  variations: { [name: string]: JsonValue };
  /** Absent where the app's own default stands. */
  off?: string;
  unit: string;
  requires?: Requirement[];
  enabled: boolean;
  targets?: { [variation: string]: string[] };
  rules?: Rule[];
  /** Absent only where there is no `off` either. */
  fallthrough?: Outcome;
  /** An emergency override: `serve` stands before everything else until the instant `until` (RFC 3339). */
  override?: { serve: string; until: string };
}

export interface SegmentBody extends Pick<SegmentDefinition, 'if'> {
  unit: string;
  include?: string[];
  exclude?: string[];
}

/** An experiment in one of the environments in which it is to run. Either `traffic`, or `layer` with `slot`; all in percent. */
export interface ExperimentBody
  extends Pick<ExperimentDefinition, 'flag' | 'status' | 'traffic' | 'layer' | 'slot' | 'arms'> {
  unit: string;
  exposures: 'first' | 'all' | 'off';
}

export interface BodyByKind {
  project: ProjectBody;
  flag: FlagBody;
  segment: SegmentBody;
  experiment: ExperimentBody;
}

/** One row of an environment. `digest` is the SHA-256 of the body's canonical text; `revision` is that of its last change. */
export type EnvironmentDefinition = {
  [Kind in keyof BodyByKind]: {
    kind: Kind;
    key: string;
    body: BodyByKind[Kind];
    digest: string;
    revision: number;
  };
}[keyof BodyByKind];

export interface Snapshot {
  project: string;
  environment: string;
  revision: number;
  /** Absent for a snapshot that does not come from git. */
  commit?: string;
  digest: string;
  /** The audit entry, and its hash, that last changed what this environment serves. Absent without a database. */
  entry?: number;
  entryHash?: string;
  definitions: EnvironmentDefinition[];
}

export function bodyDigest(body: unknown): string {
  return sha256Hex(canonical(body));
}

/** SHA-256 over the lines `kind TAB key TAB digest LF`, sorted by their UTF-8 bytes. */
export function snapshotDigest(definitions: Iterable<{ kind: string; key: string; digest: string }>): string {
  // Kinds, keys and digests are ASCII, so comparing UTF-16 code units is comparing bytes; TAB comes before all of them.
  const rows = inOrder([...definitions]);
  let lines = '';
  for (const { kind, key, digest } of rows) lines += `${kind}\t${key}\t${digest}\n`;
  return sha256Hex(lines);
}

/** The order of a snapshot's rows: by kind, and then by key. */
export function compareRows(a: { kind: string; key: string }, b: { kind: string; key: string }): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

/** Sorted by `compareRows`: the same list where it is already, as nearly always. */
export function inOrder<Row extends { kind: string; key: string }>(rows: readonly Row[]): readonly Row[] {
  const isSorted = rows.every((row, index) => index === 0 || compareRows(rows[index - 1] as Row, row) <= 0);
  return isSorted ? rows : rows.toSorted(compareRows);
}
