// A flag's whole behaviour as a graph of decisions. Equal parts are the same object, on both sides of a comparison.
import { BUCKETS } from '../engine/bucket.ts';
import type { JsonValue } from '../lib/json.ts';
import { canonical } from '../lib/json.ts';
import type { Decision } from '../model/decision.ts';
import type { Formula } from './formula.ts';
import { TooMuch } from './too-much.ts';

/** What an app sees of a decision. Why it was made is left out: who gets the same for another reason has not moved. */
export interface Answer {
  readonly variation?: string;
  readonly value?: JsonValue;
  /** Apps use their own default instead. */
  readonly error?: string;
  /** Not an answer: who comes here is passed on. For programs of a single rule. */
  readonly passes?: true;
}

/**
 * One uniform draw from 0 … 9999 for each unit. Equal ones are the same draw; others are independent. `prefix` is what
 * is hashed before the unit: salt and name.
 */
export interface Dimension {
  readonly id: string;
  readonly prefix: string;
  readonly name: string;
  readonly unit: string;
}

export function dimension(salt: string, name: string, unit: string): Dimension {
  const prefix = salt + name;
  return { id: canonical([prefix, unit]), prefix, name, unit };
}

/** Buckets below `to`, and not below the part before it, go on with `program`. */
export interface Part {
  readonly to: number;
  readonly program: Program;
}

export type Program = Size & { readonly id: number } & (
    | { readonly kind: 'answer'; readonly answer: Answer }
    | { readonly kind: 'if'; readonly condition: Formula; readonly then: Program; readonly else: Program }
    /** `none` is for those without a unit. */
    | {
        readonly kind: 'split';
        readonly dimension: Dimension;
        readonly parts: readonly Part[];
        readonly none: Program;
      }
  );

type Split = Extract<Program, { kind: 'split' }>;

interface Size {
  /** Whether a condition occurs in it. */
  readonly isConditional: boolean;
  /** Those that occur in it, for units that all have. */
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly depth: number;
}

/** So many parts have the programs of one comparison at most, and so many one within the other: walking them recurses. */
const MOST_PARTS = 50_000;
const DEEPEST = 2_000;
/** Parts that are made again count too. */
const MOST_MADE = 500_000;

/** Makes programs, each distinct one once. */
export class Programs {
  readonly #known = new Map<string, Program>();
  readonly #narrowed = new Map<string, Program>();
  #made = 0;

  answer(answer: Answer): Program {
    const build = () => ({ kind: 'answer', answer, ...sizeOf([]) }) as const;
    return this.#make(`answer ${canonical(answer)}`, build);
  }

  if(condition: Formula, then: Program, otherwise: Program): Program {
    if (then === otherwise || isAlways(condition)) return then;
    const build = () =>
      ({
        ...sizeOf([then, otherwise]),
        isConditional: true,
        kind: 'if',
        condition,
        then,
        else: otherwise,
      }) as const;
    return this.#make(`if ${condition.id} ${then.id} ${otherwise.id}`, build);
  }

  /**
   * `parts` in order; those that are empty are left out, and neighbours that are the same are one. Within a part the same
   * dimension is known, so that what cannot be drawn there is left out too.
   */
  split(on: Dimension, parts: readonly Part[], none: Program): Program {
    const joined: Part[] = [];
    for (const { to, program } of parts) {
      const before = joined.at(-1);
      const from = before?.to ?? 0;
      if (to <= from) continue;
      const narrowed = this.#within(program, on, from, to);
      if (before?.program === narrowed) joined.pop();
      joined.push({ to, program: narrowed });
    }
    if (joined.at(-1)?.to !== BUCKETS) throw new Error('the parts of a split are all buckets');
    if (joined.length === 1 && joined[0]?.program === none) return none;
    const text = joined.map(({ to, program }) => `${to}:${program.id}`).join(' ');
    return this.#make(`split ${on.id} ${text} ${none.id}`, () => {
      const { dimensions, ...size } = sizeOf(joined.map(({ program }) => program));
      const all = dimensions.has(on.id) ? dimensions : new Map([...dimensions, [on.id, on]]);
      return { kind: 'split', dimension: on, parts: joined, none, ...size, dimensions: all } as const;
    });
  }

  /** The program for those who have drawn [from, to). */
  #within(program: Program, on: Dimension, from: number, to: number): Program {
    if (program.kind === 'answer' || !program.dimensions.has(on.id)) return program;
    const text = `${program.id} ${on.id} ${from} ${to}`;
    const known = this.#narrowed.get(text);
    if (known) return known;
    const goOn = (inner: Program) => this.#within(inner, on, from, to);
    let found: Program;
    if (program.kind === 'if') found = this.if(program.condition, goOn(program.then), goOn(program.else));
    else if (program.dimension.id !== on.id) {
      const parts = program.parts.map((part) => ({ to: part.to, program: goOn(part.program) }));
      found = this.split(program.dimension, parts, program.none);
    } else found = this.#cut(program, from, to);
    this.#narrowed.set(text, found);
    return found;
  }

  /** The parts within [from, to), the outermost of which take what lies beyond: nobody has drawn that. */
  #cut(program: Split, from: number, to: number): Program {
    const inside: Part[] = [];
    let start = 0;
    for (const part of program.parts) {
      const [first, last] = [Math.max(start, from), Math.min(part.to, to)];
      start = part.to;
      if (first >= last) continue;
      inside.push({ to: part.to, program: this.#within(part.program, program.dimension, first, last) });
    }
    const outermost = inside.pop();
    if (!outermost) throw new Error('no part of a split is within another one of it');
    if (inside.every((part) => part.program === outermost.program)) return outermost.program;
    return this.split(program.dimension, [...inside, { ...outermost, to: BUCKETS }], program.none);
  }

  #make(text: string, build: () => Omit<Program, 'id'>): Program {
    const known = this.#known.get(text);
    if (++this.#made > MOST_MADE) throw new TooMuch('its requirements combine in too many ways');
    if (known) return known;
    const made = { id: this.#known.size, ...build() } as Program;
    if (made.id >= MOST_PARTS || made.depth > DEEPEST)
      throw new TooMuch('with its requirements written out it has too many rules');
    this.#known.set(text, made);
    return made;
  }
}

function sizeOf(inner: readonly Program[]): Size {
  let dimensions: ReadonlyMap<string, Dimension> = new Map();
  for (const program of inner) {
    const [fewer, more] =
      dimensions.size < program.dimensions.size
        ? [dimensions, program.dimensions]
        : [program.dimensions, dimensions];
    dimensions = [...fewer.keys()].every((id) => more.has(id)) ? more : new Map([...more, ...fewer]);
  }
  return {
    isConditional: inner.some(({ isConditional }) => isConditional),
    dimensions,
    depth: inner.reduce((depth, program) => Math.max(depth, program.depth + 1), 0),
  };
}

/** The answer that a decision gives. */
export function answerOf({ variation, value, errorCode }: Decision): Answer {
  return {
    ...(variation !== undefined && { variation }),
    ...(value !== undefined && { value }),
    ...(errorCode !== undefined && { error: errorCode }),
  };
}

function isAlways(condition: Formula): boolean {
  return condition.kind === 'and' && condition.parts.length === 0;
}
