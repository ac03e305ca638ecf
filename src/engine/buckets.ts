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
  readonly #bucketOf: (unit: string) => number;
  readonly #read: Reader;

  constructor(salt: string, name: string, unit: string) {
    super();
    this.name = name;
    this.unit = unit;
    this.#bucketOf = bucketing(salt, name);
    this.#read = attributeReader(unit);
  }

  protected work(subject: Subject): number | undefined {
    const unit = unitOf(this.#read(subject.context));
    return unit === undefined ? undefined : this.#bucketOf(unit);
  }
}

export class Buckets {
  readonly #salt: string;
  readonly #made = new Map<string, Bucket>();

  constructor(salt: string) {
    this.#salt = salt;
  }

  /** The same bucket for the same name and unit, so that rules of a flag and slots of a layer share one hash. */
  of(name: string, unit: string): Bucket {
    const id = JSON.stringify([name, unit]);
    const bucket = this.#made.get(id) ?? new Bucket(this.#salt, name, unit);
    this.#made.set(id, bucket);
    return bucket;
  }
}
