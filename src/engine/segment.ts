// A segment compiled: whether it holds a subject, found at most once per evaluation.
import type { SegmentBody } from '../model/snapshot.ts';
import { type ConditionNode, compileCondition } from './condition.ts';
import { refuseUnknown } from './members.ts';
import { Linked } from './memo.ts';
import { attributeReader, type Reader, type Subject, unitOf } from './subject.ts';

/** What decided: a list of units, the condition, or that neither does. */
export type SegmentGround = 'exclude' | 'include' | 'if' | 'none';

export class Segment extends Linked<boolean> {
  readonly unit: string;
  readonly condition: ConditionNode | undefined;
  readonly #read: Reader;
  readonly #exclude: ReadonlySet<string>;
  readonly #include: ReadonlySet<string>;

  /** `named` are those that it names. Throws an error that says what is wrong with the body. */
  constructor(body: SegmentBody, named: ReadonlyMap<string, Segment>) {
    super([...named.values()]);
    refuseUnknown('segment', body);
    this.unit = body.unit;
    this.condition = body.if === undefined ? undefined : compileCondition(body.if, named);
    this.#read = attributeReader(body.unit);
    this.#exclude = new Set(body.exclude);
    this.#include = new Set(body.include);
  }

  /** `exclude` wins over `include`, and `include` over `if`. */
  ground(subject: Subject): SegmentGround {
    const unit = unitOf(this.#read(subject.context));
    if (unit !== undefined && this.#exclude.has(unit)) return 'exclude';
    if (unit !== undefined && this.#include.has(unit)) return 'include';
    return this.condition ? 'if' : 'none';
  }

  protected work(subject: Subject): boolean {
    const ground = this.ground(subject);
    return ground === 'include' || (ground === 'if' && this.condition?.holds(subject) === true);
  }
}
