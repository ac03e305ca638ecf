// How a ruleset's flags and segments are compiled, each when its table is asked for it.
import type { DecisionMetadata } from '../model/decision.ts';
import type { FlagBody, SegmentBody } from '../model/snapshot.ts';
import { BrokenFlag } from './broken-flag.ts';
import { Buckets, type FixedBuckets } from './buckets.ts';
import { CompileError } from './compile-error.ts';
import { Flag, type FlagSurroundings } from './flag.ts';
import { flagsOfFlag, segmentsOfFlag, segmentsOfSegment } from './references.ts';
import type { Rows } from './rows.ts';
import { Segment } from './segment.ts';
import { type Keyed, type Maker, Table } from './table.ts';

export type FlagTable = Table<FlagBody, Flag>;
export type SegmentTable = Table<SegmentBody, Segment>;

/** @param like the segments of the ruleset before */
export function segmentTable({ segments: rows }: Rows, like?: SegmentTable): SegmentTable {
  const segments: SegmentTable = tableOf('segment', rows, like, {
    asks: segmentsOfSegment,
    // It is given what it names and not the table: it outlives this one, and must not keep it.
    build: (_key, body) => new Segment(body, known(segmentsOfSegment(body), segments)),
    // Whichever flag names it does not compile then.
    broken: (_key, error) => {
      throw error;
    },
  });
  return segments;
}

export interface FlagTableOptions {
  where: DecisionMetadata;
  segments: SegmentTable;
  fixedBuckets: FixedBuckets | undefined;
  /** The flags of the ruleset before. */
  like: FlagTable | undefined;
}

export function flagTable(
  { project, flags: rows, experiments }: Rows,
  { where, segments, fixedBuckets, like }: FlagTableOptions,
): FlagTable {
  const flags: FlagTable = tableOf('flag', rows, like, {
    asks: flagsOfFlag,
    build: (key, body) => {
      const required = known(flagsOfFlag(body), flags);
      const named = known(segmentsOfFlag(body), segments);
      return new Flag(key, body, around, [...required.values(), ...named.values()]);
    },
    broken: (key) => new BrokenFlag(key, around),
  });
  const around: FlagSurroundings = {
    where,
    flags,
    segments,
    experiments: new Map(experiments.map(({ key, body }) => [key, body])),
    buckets: new Buckets(project.body.salt, fixedBuckets),
  };
  return flags;
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

function tableOf<Body, Compiled extends object>(
  kind: string,
  rows: readonly Keyed<Body>[],
  like: Table<Body, Compiled> | undefined,
  maker: Maker<Body, Compiled>,
): Table<Body, Compiled> {
  const table = new Table(rows, maker, like);
  if (table.size === rows.length) return table;
  const keys = rows.map(({ key }) => key);
  const twin = keys.find((key, at) => keys.indexOf(key) !== at) ?? '';
  throw new CompileError(kind, twin, { cause: 'the snapshot holds it twice' });
}

function known<Compiled>(
  keys: readonly string[],
  table: ReadonlyMap<string, Compiled>,
): ReadonlyMap<string, Compiled> {
  if (keys.length === 0) return NONE;
  const found = new Map<string, Compiled>();
  for (const key of keys) {
    const compiled = table.get(key);
    if (compiled !== undefined) found.set(key, compiled);
  }
  return found;
}
