// The buckets of one ruleset: one for each purpose and unit, each hashed at most once per evaluation.
import { bucketing } from './bucket.ts';
import { Memo } from './memo.ts';
import { attributeReader, type Reader, type Subject, unitOf } from './subject.ts';

/** Answers the subject's bucket, or undefined where it has no unit. */
export class Bucket extends Memo<number | undefined> {
  /** What the bucket is for, the `name` of the formula. */
  readonly name: string;
  /** The attribute that is hashed. */
  readonly unit: string;
  readonly #salt: string;
  readonly #read: Reader;
  /** Made when the first unit is hashed: many rules never get that far. */
  #bucketOf: ((unit: string) => number) | undefined;

  constructor(salt: string, name: string, unit: string) {
    super();
    this.name = name;
    this.unit = unit;
    this.#salt = salt;
    this.#read = attributeReader(unit);
  }

  /** Whether it was chosen instead of hashed. */
  get isFixed(): boolean {
    return false;
  }

  protected work(subject: Subject): number | undefined {
    const unit = unitOf(this.#read(subject.context));
    if (unit === undefined) return undefined;
    this.#bucketOf ??= bucketing(this.#salt, this.name);
    return this.#bucketOf(unit);
  }
}

/**
 * Buckets that someone chose instead of hashing, by what they are for: a flag's key, `<experiment>:arms`, or
 * `<experiment>:traffic` (in a layer too). The map is looked at in each evaluation. `BUCKETS` itself is in no range.
 */
export type FixedBuckets = ReadonlyMap<string, number>;

/** A bucket of a ruleset that was compiled with fixed ones: where it is fixed, it needs no unit. */
class FixableBucket extends Bucket {
  readonly #fixed: FixedBuckets;
  readonly #purpose: string;

  constructor(salt: string, name: string, unit: string, fixed: FixedBuckets, purpose: string) {
    super(salt, name, unit);
    this.#fixed = fixed;
    this.#purpose = purpose;
  }

  override get isFixed(): boolean {
    return this.#fixed.has(this.#purpose);
  }

  protected override work(subject: Subject): number | undefined {
    return this.#fixed.get(this.#purpose) ?? super.work(subject);
  }
}

export class Buckets {
  readonly #salt: string;
  readonly #fixed: FixedBuckets | undefined;
  readonly #made = new Map<string, Bucket>();

  constructor(salt: string, fixed?: FixedBuckets) {
    this.#salt = salt;
    this.#fixed = fixed;
  }

  /**
   * The same bucket for the same name and unit, so that experiments and the slots of a layer share one hash. `purpose`
   * is by what it is fixed, where several share a name.
   */
  of(name: string, unit: string, purpose = name): Bucket {
    const id = JSON.stringify(this.#fixed ? [name, unit, purpose] : [name, unit]);
    const bucket = this.#made.get(id) ?? this.alone(name, unit, purpose);
    this.#made.set(id, bucket);
    return bucket;
  }

  /** One that is shared with nobody, so that nothing is kept of it here. */
  alone(name: string, unit: string, purpose = name): Bucket {
    return this.#fixed
      ? new FixableBucket(this.#salt, name, unit, this.#fixed, purpose)
      : new Bucket(this.#salt, name, unit);
  }
}
