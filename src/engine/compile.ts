// Compiles a snapshot to a ruleset: everything that can be decided before a context is there, is.
import type { DecisionMetadata } from '../model/decision.ts';
import type { BodyByKind, ExperimentBody, FlagBody, SegmentBody, Snapshot } from '../model/snapshot.ts';
import { Buckets, type FixedBuckets } from './buckets.ts';
import { segmentsNamedBy } from './condition.ts';
import { Flag, type FlagSurroundings } from './flag.ts';
import { instantsOf } from './next-change.ts';
import { CycleError, dependencyOrder } from './order.ts';
import { Segment } from './segment.ts';
import type { Subject } from './subject.ts';

/** A snapshot, compiled. It never changes; the frozen decisions that it gives are the same objects each time. */
export interface Ruleset {
  readonly project: string;
  readonly environment: string;
  readonly revision: number;
  readonly commit?: string;
  readonly digest: string;
  /** By key, in the snapshot's order. */
  readonly flags: ReadonlyMap<string, Flag>;
  readonly segments: ReadonlyMap<string, Segment>;
  /** What every decision's metadata holds. */
  readonly where: DecisionMetadata;
  /** Those whose answers change with time: by an override, a ramp or a rule's window. */
  readonly scheduled: readonly Flag[];
  /** The engine's own: the evaluation at hand. */
  readonly subject: Subject;
}

/** The snapshot cannot be served: it was not made from checked definitions. */
export class CompileError extends Error {
  override name = 'CompileError';
  readonly code = 'COMPILE';
  readonly kind: keyof BodyByKind;
  readonly key: string;

  constructor(kind: keyof BodyByKind, key: string, options: { cause: unknown }) {
    const reason = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`${kind} \`${key}\` does not compile: ${reason}`, options);
    this.kind = kind;
    this.key = key;
  }
}

export interface CompileOptions {
  /** Buckets that tests of flags choose. */
  fixedBuckets?: FixedBuckets;
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
  { fixedBuckets }: CompileOptions = {},
): Generator<void, Ruleset> {
  const bodies = bodiesOf(snapshot);
  const { environment, revision, commit } = snapshot;
  const where: DecisionMetadata = Object.freeze({
    environment,
    revision,
    ...(commit !== undefined && { commit }),
  });
  const flags = new Map<string, Flag>();
  const segments = new Map<string, Segment>();
  const buckets = new Buckets(bodies.salt, fixedBuckets);
  const around: FlagSurroundings = { where, flags, segments, experiments: bodies.experiments, buckets };
  yield;
  for (const key of yield* ordered('segment', bodies.segments, askedBySegment)) {
    const body = bodies.segments.get(key) as SegmentBody;
    const asked = known(askedBySegment(body), segments);
    segments.set(
      key,
      attempt('segment', key, () => new Segment(body, segments, asked)),
    );
    yield;
  }
  for (const key of yield* ordered('flag', bodies.flags, requiredByFlag)) {
    const body = bodies.flags.get(key) as FlagBody;
    const asked = [...known(requiredByFlag(body), flags), ...known(askedByFlag(body), segments)];
    flags.set(
      key,
      attempt('flag', key, () => new Flag(key, body, around, asked)),
    );
    yield;
  }
  return {
    project: snapshot.project,
    ...where,
    revision,
    digest: snapshot.digest,
    flags: new Map(Array.from(bodies.flags.keys(), (key) => [key, flags.get(key) as Flag])),
    segments,
    where,
    scheduled: [...flags.values()].filter((flag) => instantsOf(flag).length > 0),
    subject: { context: {}, nowMs: 0, epoch: 0 },
  };
}

interface Bodies {
  salt: string;
  flags: Map<string, FlagBody>;
  segments: Map<string, SegmentBody>;
  experiments: Map<string, ExperimentBody>;
}

function bodiesOf(snapshot: Snapshot): Bodies {
  const bodies: Bodies = { salt: '', flags: new Map(), segments: new Map(), experiments: new Map() };
  let project: string | undefined;
  for (const definition of snapshot.definitions) {
    if (definition.kind === 'flag') bodies.flags.set(definition.key, definition.body);
    else if (definition.kind === 'segment') bodies.segments.set(definition.key, definition.body);
    else if (definition.kind === 'experiment') bodies.experiments.set(definition.key, definition.body);
    else {
      project = definition.key;
      bodies.salt = definition.body.salt;
    }
  }
  if (project === undefined) {
    throw new CompileError('project', snapshot.project, { cause: 'the snapshot does not hold it' });
  }
  return bodies;
}

/** Keys in the order in which they can be compiled. */
function* ordered<Body>(
  kind: keyof BodyByKind,
  bodies: ReadonlyMap<string, Body>,
  askedBy: (body: Body) => string[],
): Generator<void, string[]> {
  const asked = new Map<string, string[]>();
  for (const [key, body] of bodies) {
    asked.set(key, askedBy(body));
    yield;
  }
  try {
    return dependencyOrder(asked);
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    throw new CompileError(kind, error.path[0] ?? '', { cause: error });
  }
}

function askedBySegment(body: SegmentBody): string[] {
  return body.if ? segmentsNamedBy(body.if) : [];
}

function requiredByFlag(body: FlagBody): string[] {
  return (body.requires ?? []).map(({ flag }) => flag);
}

function askedByFlag(body: FlagBody): string[] {
  return (body.rules ?? []).flatMap((rule) => (rule.if ? segmentsNamedBy(rule.if) : []));
}

function known<Compiled>(keys: readonly string[], compiled: ReadonlyMap<string, Compiled>): Compiled[] {
  return [...new Set(keys)].flatMap((key) => compiled.get(key) ?? []);
}

function attempt<Compiled>(kind: keyof BodyByKind, key: string, build: () => Compiled): Compiled {
  try {
    return build();
  } catch (error) {
    throw new CompileError(kind, key, { cause: error });
  }
}
