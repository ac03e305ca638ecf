// What is worked out at most once per evaluation, however often it is asked for.
import type { Subject } from './subject.ts';

export abstract class Memo<Answer> {
  #epoch = 0;
  #answer: Answer | undefined;

  protected abstract work(subject: Subject): Answer;

  ask(subject: Subject): Answer {
    if (this.#epoch !== subject.epoch) {
      this.#answer = this.work(subject);
      this.#epoch = subject.epoch;
    }
    return this.#answer as Answer;
  }

  isKnown(subject: Subject): boolean {
    return this.#epoch === subject.epoch;
  }
}

/** Chains of segments and requirements up to this long are followed by plain recursion. */
const DEEPEST_RECURSION = 25;

/** A definition that asks others. The chain may be thousands long: see `settle`. */
export abstract class Linked<Answer> extends Memo<Answer> {
  readonly dependencies: readonly Linked<unknown>[];
  readonly #depth: number;

  constructor(dependencies: readonly Linked<unknown>[]) {
    super();
    this.dependencies = dependencies;
    this.#depth = dependencies.reduce((depth, dependency) => Math.max(depth, dependency.#depth + 1), 0);
  }

  /**
   * Must come before the first `ask` of an evaluation. Where the chain below is so long that following it could
   * overflow the stack, answers from the far end first, so that each later `ask` finds its answers ready.
   */
  settle(subject: Subject): void {
    if (this.#depth <= DEEPEST_RECURSION) return;
    const waiting: Linked<unknown>[] = [...this.dependencies];
    for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
      const before = waiting.length;
      if (!next.isKnown(subject)) waiting.push(...next.dependencies.filter((each) => !each.isKnown(subject)));
      if (waiting.length > before) continue;
      next.ask(subject);
      waiting.pop();
    }
  }
}
