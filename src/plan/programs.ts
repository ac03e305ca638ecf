// Makes programs: each distinct one once, and without what can never be drawn.
import { BUCKETS } from '../engine/bucket.ts';
import { canonical } from '../lib/json.ts';
import type { Formula } from './formula.ts';
import type { Answer, Dimension, Dimensions, Part, Program, Size, Split } from './program.ts';
import { TooMuch } from './too-much.ts';

const NO_DIMENSIONS: Dimensions = new Map();
/** So many parts have the programs of one comparison at most, and so many one within the other. */
const MOST_PARTS = 100_000;
const DEEPEST = 10_000;
/** Parts that are made for one question, those that were there already too. */
const MOST_MADE = 300_000;
/** Draws that have a say in one answer. Each adds four decimals to a share. */
const MOST_DIMENSIONS = 40;
/** Parts no deeper than this are narrowed as soon as they stand below a split. */
const NARROWED_AT_ONCE = 64;

/** Makes programs, each distinct one once. */
export class Programs {
  readonly #known = new Map<string, Program>();
  readonly #narrowed = new Map<string, Program>();
  readonly #sets = new Map<string, Dimensions>();
  #left = MOST_MADE;

  /** Begins another question, which may make so many parts. */
  begin(most = MOST_MADE): void {
    this.#left = most;
  }

  answer(answer: Answer): Program {
    const build = () => ({ kind: 'answer', answer, ...this.#sizeOf([]) }) as const;
    return this.#make(`answer ${canonical(answer)}`, build);
  }

  /** For programs of a single rule: it takes nobody. */
  get passing(): Program {
    return this.answer({ passes: true });
  }

  if(condition: Formula, then: Program, otherwise: Program): Program {
    if (then === otherwise || isAlways(condition)) return then;
    const build = () =>
      ({
        ...this.#sizeOf([then, otherwise]),
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
   * dimension is known: what cannot be drawn there is left out too, at once or (of large parts) by `narrowed`.
   */
  split(on: Dimension, parts: readonly Part[], none: Program): Program {
    const joined: Part[] = [];
    let from = 0;
    const add = (part: Part) => {
      if (part.to <= from) return;
      from = part.to;
      if (joined.at(-1)?.program === part.program) joined.pop();
      joined.push(part);
    };
    for (const { to, program } of parts) {
      if (to <= from) continue;
      const left = program.depth > NARROWED_AT_ONCE ? program : this.within(program, on, from, to);
      if (left.kind !== 'split' || left.dimension.id !== on.id) add({ to, program: left });
      else
        for (const [index, part] of left.parts.entries())
          add({ to: index === left.parts.length - 1 ? to : Math.min(part.to, to), program: part.program });
    }
    if (joined.at(-1)?.to !== BUCKETS) throw new Error('the parts of a split are all buckets');
    if (joined.length === 1 && joined[0]?.program === none) return none;
    const text = joined.map(({ to, program }) => `${to}:${program.id}`).join(' ');
    return this.#make(`split ${on.id} ${text} ${none.id}`, () => {
      const { dimensions, ...size } = this.#sizeOf(joined.map(({ program }) => program));
      const all = dimensions.has(on.id) ? dimensions : this.#joined(dimensions, new Map([[on.id, on]]));
      return { kind: 'split', dimension: on, parts: joined, none, ...size, dimensions: all } as const;
    });
  }

  /** The same program, without what cannot be drawn below splits at its top. */
  narrowed(program: Program): Program {
    if (program.kind !== 'split') return program;
    let from = 0;
    const parts = program.parts.map(({ to, program: inner }) => {
      const left = this.narrowed(this.within(inner, program.dimension, from, to));
      from = to;
      return { to, program: left };
    });
    return this.split(program.dimension, parts, program.none);
  }

  /** The program for those who have drawn [from, to). */
  within(program: Program, on: Dimension, from: number, to: number): Program {
    const id = (inner: Program) => `${inner.id} ${on.id} ${from} ${to}`;
    const isLeft = (inner: Program) => !inner.dimensions.has(on.id);
    // From the last rule up: lists of rules may be thousands long, and the stack is not.
    const rules: Program[] = [];
    let last = program;
    for (; last.kind === 'if' && !isLeft(last) && !this.#narrowed.has(id(last)); last = last.else)
      rules.push(last);
    let found = isLeft(last) ? last : (this.#narrowed.get(id(last)) ?? this.#narrow(last, on, from, to));
    for (const each of rules.reverse()) {
      if (each.kind !== 'if') continue;
      found = this.if(each.condition, this.within(each.then, on, from, to), found);
      this.#narrowed.set(id(each), found);
    }
    return found;
  }

  #narrow(program: Program, on: Dimension, from: number, to: number): Program {
    if (program.kind !== 'split') return program;
    this.#count();
    const goOn = (part: Part) => ({ to: part.to, program: this.within(part.program, on, from, to) });
    const found =
      program.dimension.id === on.id
        ? this.#cut(program, from, to)
        : this.split(program.dimension, program.parts.map(goOn), program.none);
    this.#narrowed.set(`${program.id} ${on.id} ${from} ${to}`, found);
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
      inside.push({ to: part.to, program: this.within(part.program, program.dimension, first, last) });
    }
    const outermost = inside.pop();
    if (!outermost) throw new Error('no part of a split is within another one of it');
    if (inside.every((part) => part.program === outermost.program)) return outermost.program;
    return this.split(program.dimension, [...inside, { ...outermost, to: BUCKETS }], program.none);
  }

  #count(): void {
    if (--this.#left < 0) throw new TooMuch('its rules and requirements combine in too many ways');
  }

  #sizeOf(inner: readonly Program[]): Size {
    const [first, ...others] = inner.map((program) => program.dimensions);
    return {
      isConditional: inner.some(({ isConditional }) => isConditional),
      dimensions: others.reduce((joined, each) => this.#joined(joined, each), first ?? NO_DIMENSIONS),
      depth: inner.reduce((depth, program) => Math.max(depth, program.depth + 1), 0),
    };
  }

  /** Programs share their sets of dimensions: there are few distinct ones. */
  #joined(a: Dimensions, b: Dimensions): Dimensions {
    const [fewer, more] = a.size < b.size ? [a, b] : [b, a];
    if (fewer === more || [...fewer.keys()].every((id) => more.has(id))) return more;
    const joined = new Map([...more, ...fewer]);
    if (joined.size > MOST_DIMENSIONS)
      throw new TooMuch(`more than ${MOST_DIMENSIONS} draws have a say in it`);
    const text = [...joined.keys()].sort().join(' ');
    const known = this.#sets.get(text) ?? joined;
    this.#sets.set(text, known);
    return known;
  }

  #make(text: string, build: () => Omit<Program, 'id'>): Program {
    const known = this.#known.get(text);
    this.#count();
    if (known) return known;
    const made = { id: this.#known.size, ...build() } as Program;
    if (made.id >= MOST_PARTS || made.depth > DEEPEST)
      throw new TooMuch('it has too many rules, or requires too much');
    this.#known.set(text, made);
    return made;
  }
}

function isAlways(condition: Formula): boolean {
  return condition.kind === 'and' && condition.parts.length === 0;
}
