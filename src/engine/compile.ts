// Compiles a snapshot to a ruleset: everything that can be decided before a context is there, is. What is proven to
// compile may wait until it is asked for.
import type { DecisionMetadata } from '../model/decision.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { FixedBuckets } from './buckets.ts';
import { Changes } from './changes.ts';
import { attempt, CompileError } from './compile-error.ts';
import { type FlagTable, flagTable, type SegmentTable, segmentTable } from './makers.ts';
import { refuseUnknownOfExperiment, refuseUnknownOfProject } from './members.ts';
import { CycleError } from './order.ts';
import { type Rows, rowsByKind } from './rows.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import type { Subject } from './subject.ts';
import type { Table } from './table.ts';

/** The file that this code stands in. */
export const COMPILER_FILE = import.meta.filename;

/** A snapshot, compiled. Its answers never change; the frozen decisions that it gives are the same objects each time. */
export interface Ruleset {
  readonly project: string;
  readonly environment: string;
  readonly revision: number;
  readonly commit?: string;
  readonly digest: string;
  /** By key, in the snapshot's order. */
  readonly flags: FlagTable;
  readonly segments: SegmentTable;
  /** What every decision's metadata holds. */
  readonly where: DecisionMetadata;
  /** Those flags whose answers change with time: by an override, a ramp or a rule's window. */
  readonly scheduled: readonly Schedule[];
  /** The keys of the flags that may answer differently than in the ruleset before, sorted; all where there was none. */
  readonly changed: readonly string[];
  /** The engine's own: the evaluation at hand. */
  readonly subject: Subject;
  /** The engine's own: what the next snapshot is compared with. */
  readonly changes: Changes;
}

export interface CompileOptions {
  /** Buckets that tests of flags choose. */
  fixedBuckets?: FixedBuckets;
  /**
   * Where it is given, each flag is compiled when it is first asked for. Ahead of that, those are compiled once that are
   * not proven to: `nothing` is, `all` are, or all that is as it was in this ruleset, whose snapshot was the one before.
   * What was asked for in that one is ready in the new one too.
   */
  proven?: Ruleset | 'all' | 'nothing';
}

/** Compiles at once. Throws a CompileError. The values of the snapshot's variations are frozen. */
export function compile(snapshot: Snapshot, options: CompileOptions = {}): Ruleset {
  const steps = compileInSteps(snapshot, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in many short steps, so that a relay can answer in between. */
export function* compileInSteps(
  snapshot: Snapshot,
  { fixedBuckets, proven }: CompileOptions = {},
): Generator<void, Ruleset> {
  const before = typeof proven === 'object' ? proven : undefined;
  const { project, revision, digest } = snapshot;
  const where = whereOf(snapshot);
  const rows = rowsByKind(snapshot);
  yield;
  const changes = new Changes(snapshot.definitions, before?.changes);
  const segments = segmentTable(rows, before?.segments);
  const flags = flagTable(rows, { where, segments, fixedBuckets, like: before?.flags });
  yield;
  if (before) adopt(segments, before.segments, changes);
  if (proven !== 'all') {
    refuseUnknownRows(rows, changes);
    yield* compileReached('segment', segments, changes, proven === undefined);
    yield* compileReached('flag', flags, changes, proven === undefined);
  }
  const scheduled = schedulesOf(rows, changes, before?.scheduled ?? []);
  yield;
  if (before) yield* warm(flags, before.flags);
  return {
    project,
    ...where,
    revision,
    digest,
    flags,
    segments,
    where,
    scheduled,
    changed: changedFlags(changes, flags, before?.flags),
    subject: before?.subject ?? { context: {}, nowMs: 0, epoch: 0 },
    changes,
  };
}

function whereOf({ environment, revision, commit }: Snapshot): DecisionMetadata {
  return Object.freeze({ environment, revision, ...(commit !== undefined && { commit }) });
}

function changedFlags(changes: Changes, flags: FlagTable, before: FlagTable | undefined): string[] {
  const changed = changes.reached('flag') ?? [...new Set([...flags.keys(), ...(before?.keys() ?? [])])];
  return changed.sort();
}

/** Segments say nothing of a revision, so that those that mean the same are the same. */
function adopt(segments: SegmentTable, before: SegmentTable, changes: Changes): void {
  for (const key of before.compiledKeys()) {
    const segment = before.peek(key);
    if (segment && !changes.reaches('segment', key)) segments.adopt(key, segment);
  }
}

/** Of rows that are not compiled by themselves. */
function refuseUnknownRows({ project, experiments }: Rows, changes: Changes): void {
  if (changes.reaches('project', project.key))
    attempt('project', project.key, () => refuseUnknownOfProject(project.body));
  for (const { key, body } of experiments) {
    if (changes.reaches('experiment', key)) attempt('experiment', key, () => refuseUnknownOfExperiment(body));
  }
}

/** Compiles all that may mean something else than before. Unless it is kept, only what others ask for is. */
function* compileReached<Body, Compiled extends object>(
  kind: 'flag' | 'segment',
  table: Table<Body, Compiled>,
  changes: Changes,
  keep: boolean,
): Generator<void> {
  for (const key of inOrderOf(kind, table, changes.reached(kind) ?? table.keys())) {
    attempt(kind, key, () => {
      if (!keep && changes.reaches(kind, key)) table.prove(key);
      else table.compile(key);
    });
    yield;
  }
}

function inOrderOf<Body, Compiled extends object>(
  kind: 'flag' | 'segment',
  table: Table<Body, Compiled>,
  keys: Iterable<string>,
): string[] {
  try {
    return table.order(keys);
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    throw new CompileError(kind, error.path[0] ?? '', { cause: error });
  }
}

/** Read off the bodies. What did not change is the same object as before. */
function schedulesOf({ flags }: Rows, changes: Changes, before: readonly Schedule[]): Schedule[] {
  const changed = changes.changed('flag') && new Set(changes.changed('flag'));
  const kept = changed ? before.filter(({ key }) => !changed.has(key)) : [];
  const looked = changed ? flags.filter(({ key }) => changed.has(key)) : flags;
  return [
    ...kept,
    ...looked.flatMap(({ key, body }) => attempt('flag', key, () => scheduleOf(key, body)) ?? []),
  ];
}

/** Whom the app asks for, it asks for again: those flags are compiled before the swap, so that no request waits for it. */
function* warm(flags: FlagTable, before: FlagTable): Generator<void> {
  for (const key of before.compiledKeys()) {
    flags.get(key);
    yield;
  }
}
