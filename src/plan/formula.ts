// Conditions of both sides as formulas. Equal ones are the same object, so that what did not change is seen at once.
import type { ConditionNode } from '../engine/condition.ts';
import type { Segment } from '../engine/segment.ts';
import { canonical } from '../lib/json.ts';
import type { AttributeCondition } from '../model/definitions.gen.ts';
import type { SegmentBody } from '../model/snapshot.ts';
import { TooMuch } from './too-much.ts';

export type Formula = { readonly id: number } & (
  | { readonly kind: 'test'; readonly test: AttributeCondition }
  /** The text of `unit` is among these. `label` says which ones they are. */
  | {
      readonly kind: 'units';
      readonly unit: string;
      readonly among: readonly string[];
      readonly label: string;
    }
  /** Holds where `inner` does. */
  | { readonly kind: 'segment'; readonly key: string; readonly inner: Formula }
  /** Without parts `and` holds always, and `or` never. */
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Formula[] }
  | { readonly kind: 'not'; readonly part: Formula }
);

/** What formulas of one side are made of: its segments, compiled and as they are written. */
export interface SegmentSource {
  readonly when: 'before' | 'after';
  readonly compiled: ReadonlyMap<string, Segment>;
  readonly bodies: ReadonlyMap<string, SegmentBody>;
}

type Shape = Formula extends infer F ? (F extends Formula ? Omit<F, 'id'> : never) : never;

/** Segments nest so deep in a plan; deeper ones are not followed. */
const DEEPEST_SEGMENTS = 200;
/** So much is made for one comparison at most. */
const MOST_FORMULAS = 200_000;

/** Makes formulas, each distinct one once. */
export class Formulas {
  readonly #made = new Map<string, Formula>();
  /** By segment: what it stands for, and on which side. */
  readonly #meanings = new Map<string, Map<Formula, SegmentSource['when']>>();
  readonly always: Formula = this.#make('and', { kind: 'and', parts: [] });
  readonly never: Formula = this.#make('or', { kind: 'or', parts: [] });

  /** The formula of a compiled condition. Throws TooMuch where segments nest beyond reason. */
  of(node: ConditionNode, source: SegmentSource, depth = 0): Formula {
    switch (node.kind) {
      case 'attribute':
        return this.test(node.condition);
      case 'segment':
        return this.#segment(node.key, source, depth);
      case 'not':
        return this.not(this.of(node.child, source, depth));
      case 'and':
      case 'or':
        return this[node.kind](node.children.map((child) => this.of(child, source, depth)));
    }
  }

  get size(): number {
    return this.#made.size;
  }

  test(test: AttributeCondition): Formula {
    return this.#make(`test ${canonical(test)}`, { kind: 'test', test });
  }

  /** Of no units it never holds. */
  units(unit: string, among: Iterable<string>, label: string): Formula {
    const sorted = [...new Set(among)].sort();
    if (sorted.length === 0) return this.never;
    return this.#make(`units ${canonical([unit, sorted])}`, { kind: 'units', unit, among: sorted, label });
  }

  /** On which side a segment means this, if it is one thing before and another one after. */
  sideOf({ key, inner }: Extract<Formula, { kind: 'segment' }>): SegmentSource['when'] | undefined {
    const meanings = this.#meanings.get(key);
    return meanings && meanings.size > 1 ? meanings.get(inner) : undefined;
  }

  not(part: Formula): Formula {
    if (part.kind === 'not') return part.part;
    if (part === this.always) return this.never;
    return part === this.never ? this.always : this.#make(`not ${part.id}`, { kind: 'not', part });
  }

  and(parts: readonly Formula[]): Formula {
    return this.#join('and', parts, this.always, this.never);
  }

  or(parts: readonly Formula[]): Formula {
    return this.#join('or', parts, this.never, this.always);
  }

  #join(kind: 'and' | 'or', parts: readonly Formula[], neutral: Formula, decisive: Formula): Formula {
    const flat = new Set(parts.flatMap((part) => (part.kind === kind ? part.parts : [part])));
    flat.delete(neutral);
    if (flat.has(decisive)) return decisive;
    const [first, ...more] = flat;
    if (first === undefined || more.length === 0) return first ?? neutral;
    const ids = Array.from(flat, ({ id }) => id);
    return this.#make(`${kind} ${ids.join(' ')}`, { kind, parts: [...flat] });
  }

  /** `exclude` wins over `include`, and `include` over `if`, as in the engine. */
  #segment(key: string, source: SegmentSource, depth: number): Formula {
    const compiled = source.compiled.get(key);
    const body = source.bodies.get(key);
    if (!compiled || !body) return this.never;
    if (depth > DEEPEST_SEGMENTS) throw new TooMuch(`segments nest more than ${DEEPEST_SEGMENTS} deep`);
    const { unit, condition } = compiled;
    const excluded = this.units(unit, body.exclude ?? [], `excluded from segment ${key}`);
    const included = this.units(unit, body.include ?? [], `included in segment ${key}`);
    const holds = condition ? this.of(condition, source, depth + 1) : this.never;
    const inner = this.and([this.not(excluded), this.or([included, holds])]);
    const meanings = this.#meanings.get(key) ?? new Map<Formula, SegmentSource['when']>();
    this.#meanings.set(key, meanings);
    if (!meanings.has(inner)) meanings.set(inner, source.when);
    if (inner === this.never || inner === this.always) return inner;
    return this.#make(`segment ${key} ${inner.id}`, { kind: 'segment', key, inner });
  }

  #make(text: string, shape: Shape): Formula {
    const known = this.#made.get(text);
    if (known) return known;
    if (this.#made.size >= MOST_FORMULAS)
      throw new TooMuch(`more than ${MOST_FORMULAS.toLocaleString('en')} conditions`);
    const made = Object.freeze({ id: this.#made.size, ...shape }) as Formula;
    this.#made.set(text, made);
    return made;
  }
}

/** The attributes that a formula reads. */
export function attributesIn(formula: Formula): Set<string> {
  const found = new Set<string>();
  const waiting = [formula];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.kind === 'test') found.add(next.test.attribute);
    else if (next.kind === 'units') found.add(next.unit);
    else if (next.kind === 'segment') waiting.push(next.inner);
    else if (next.kind === 'not') waiting.push(next.part);
    else waiting.push(...next.parts);
  }
  return found;
}
