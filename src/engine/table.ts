// Definitions of one kind by their key, each compiled when it is first asked for, or all ahead of that.
import { dependencyOrder } from './order.ts';

export interface Keyed<Body> {
  readonly key: string;
  readonly body: Body;
}

/** How one is compiled. */
export interface Maker<Body, Compiled> {
  /** The keys of those of its kind that are compiled before it. */
  asks(body: Body): readonly string[];
  /** Throws an error that says what is wrong with the body. */
  build(key: string, body: Body): Compiled;
  /** Stands in for one that was proven to compile and yet does not. */
  broken(key: string, error: unknown): Compiled;
}

/** A map in the snapshot's order. Of what is not compiled yet, only the body is kept. */
export class Table<Body, Compiled extends object> implements ReadonlyMap<string, Compiled> {
  readonly #rows: readonly Keyed<Body>[];
  readonly #maker: Maker<Body, Compiled>;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #compiled: (Compiled | undefined)[];

  /** @param like a table of before: where the keys are still the same, so is where each of them is found */
  constructor(rows: readonly Keyed<Body>[], maker: Maker<Body, Compiled>, like?: Table<Body, Compiled>) {
    const same = like !== undefined && hasKeysOf(rows, like.#rows) ? like.#positions : undefined;
    this.#rows = rows;
    this.#maker = maker;
    this.#positions = same ?? new Map(rows.map(({ key }, at) => [key, at]));
    this.#compiled = new Array<Compiled | undefined>(rows.length).fill(undefined);
  }

  get size(): number {
    return this.#positions.size;
  }

  has(key: string): boolean {
    return this.#positions.has(key);
  }

  get(key: string): Compiled | undefined {
    const at = this.#positions.get(key);
    return at === undefined ? undefined : (this.#compiled[at] ?? this.#compileAt(at));
  }

  /** @param at 0 … size - 1 */
  at(at: number): Compiled {
    return this.#compiled[at] ?? this.#compileAt(at);
  }

  /** Undefined also where it is not compiled yet. */
  peek(key: string): Compiled | undefined {
    const at = this.#positions.get(key);
    return at === undefined ? undefined : this.#compiled[at];
  }

  /** Takes one over that was compiled of the same body. */
  adopt(key: string, compiled: Compiled): void {
    const at = this.#positions.get(key);
    if (at !== undefined) this.#compiled[at] = compiled;
  }

  /** These keys and those that must be compiled before them, in an order that does. Throws a CycleError. */
  order(keys: Iterable<string>): string[] {
    return dependencyOrder(keys, (key) => {
      const at = this.#positions.get(key);
      return at === undefined || this.#compiled[at] ? undefined : this.#maker.asks(this.#bodyAt(at));
    });
  }

  /** Compiles one after those that it asks. Throws an error that says what is wrong with it. */
  compile(key: string): void {
    const at = this.#positions.get(key);
    if (at !== undefined) this.#compiled[at] ??= this.#build(at);
  }

  /** The same, and keeps nothing of it. */
  prove(key: string): void {
    const at = this.#positions.get(key);
    if (at !== undefined && this.#compiled[at] === undefined) this.#build(at);
  }

  /** Those that are compiled. */
  *compiledKeys(): Generator<string> {
    for (const [at, { key }] of this.#rows.entries()) if (this.#compiled[at]) yield key;
  }

  keys(): MapIterator<string> {
    return this.#positions.keys();
  }

  *values(): MapIterator<Compiled> {
    for (let at = 0; at < this.size; at++) yield this.at(at);
  }

  *entries(): MapIterator<[string, Compiled]> {
    for (const [key, at] of this.#positions) yield [key, this.at(at)];
  }

  [Symbol.iterator](): MapIterator<[string, Compiled]> {
    return this.entries();
  }

  forEach(visit: (compiled: Compiled, key: string, map: ReadonlyMap<string, Compiled>) => void): void {
    for (const [key, compiled] of this) visit(compiled, key, this);
  }

  #bodyAt(at: number): Body {
    return (this.#rows[at] as Keyed<Body>).body;
  }

  #build(at: number): Compiled {
    const { key, body } = this.#rows[at] as Keyed<Body>;
    return this.#maker.build(key, body);
  }

  /** Never throws, unless the maker has nothing to stand in. Not recursive: what it asks may be a long chain. */
  #compileAt(at: number): Compiled {
    const { key } = this.#rows[at] as Keyed<Body>;
    try {
      for (const each of this.order([key])) this.compile(each);
    } catch (error) {
      this.#compiled[at] = this.#maker.broken(key, error);
    }
    return this.#compiled[at] as Compiled;
  }
}

function hasKeysOf(a: readonly Keyed<unknown>[], b: readonly Keyed<unknown>[]): boolean {
  return a.length === b.length && a.every(({ key }, at) => key === b[at]?.key);
}
