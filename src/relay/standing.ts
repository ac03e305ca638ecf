// The answers for all flags at once, as the last caller got them: for the next one, only those that differ are exchanged.
import type { Decision } from '../model/decision.ts';
import { type Answer, itemOf, memberOf, Tag } from './answer.ts';

/** Most flags answer most callers alike, so that most of an answer for all flags stands from call to call. */
export class Standing {
  readonly #answerTo: (decision: Decision) => Answer;
  readonly #decisions: Decision[] = [];
  readonly #answers: Answer[] = [];
  /** How many calls there had been when each answer came to stand here, or when it was last counted. */
  readonly #since: number[] = [];
  #calls = 0;
  // Made when they are first asked for, and kept up from then on.
  #members: Buffer[] | undefined;
  #items: Buffer[] | undefined;
  #tag: Tag | undefined;

  constructor(answerTo: (decision: Decision) => Answer) {
    this.#answerTo = answerTo;
  }

  /** Takes in what the flags decided for the next caller; always as many, and in the same order. */
  give(decisions: readonly Decision[]): void {
    for (let at = 0; at < decisions.length; at++) {
      const decision = decisions[at] as Decision;
      if (decision !== this.#decisions[at]) this.#exchange(at, decision);
    }
    this.#calls++;
  }

  /** As members of an object, each after a comma. */
  members(): readonly Buffer[] {
    this.#members ??= this.#answers.map(memberOf);
    return this.#members;
  }

  /** In OFREP's words as items of a list, each after a comma. */
  items(): readonly Buffer[] {
    this.#items ??= this.#answers.map(itemOf);
    return this.#items;
  }

  /** An entity tag over these answers. */
  tag(): string {
    if (!this.#tag) {
      this.#tag = new Tag();
      for (const answer of this.#answers) this.#tag.add(answer);
    }
    return this.#tag.toString();
  }

  /** Brings the answers' counts up to date: each call gave what stood here then. */
  count(): void {
    for (const [at, answer] of this.#answers.entries()) this.#countAt(at, answer);
  }

  #countAt(at: number, answer: Answer): void {
    answer.count += this.#calls - (this.#since[at] as number);
    this.#since[at] = this.#calls;
  }

  #exchange(at: number, decision: Decision): void {
    const before = this.#answers[at];
    const answer = this.#answerTo(decision);
    if (before) {
      this.#countAt(at, before);
      this.#tag?.remove(before);
    }
    this.#decisions[at] = decision;
    this.#answers[at] = answer;
    this.#since[at] = this.#calls;
    this.#tag?.add(answer);
    if (this.#members) this.#members[at] = memberOf(answer);
    if (this.#items) this.#items[at] = itemOf(answer);
  }
}
