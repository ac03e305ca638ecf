// The answers of one ruleset: each decision is serialised once, and counted where it is found.
import type { Decision } from '../model/decision.ts';
import { type Answer, newAnswer } from './answer.ts';
import { Standing } from './standing.ts';

/** Bounds what decisions that the engine does not share could cost. */
const MOST_KEPT = 1_000_000;

export class Answers {
  readonly #byDecision = new Map<Decision, Answer>();
  readonly #standing = new Standing((decision) => this.#answerTo(decision));
  /** How often an unknown flag was asked for since it was last counted. */
  unknown = 0;

  /** The answer that is given for a decision; kept, because decisions are shared between evaluations of one ruleset. */
  give(decision: Decision): Answer {
    const answer = this.#answerTo(decision);
    answer.count++;
    return answer;
  }

  /** The answers for all flags, whose decisions come in the ruleset's order. They are good until the next call. */
  giveEvery(decisions: readonly Decision[]): Standing {
    this.#standing.give(decisions);
    return this.#standing;
  }

  /** All that were given since the ruleset came, with how often. */
  all(): IterableIterator<Answer> {
    this.#standing.count();
    return this.#byDecision.values();
  }

  #answerTo(decision: Decision): Answer {
    return this.#byDecision.get(decision) ?? this.#make(decision);
  }

  #make(decision: Decision): Answer {
    const answer = newAnswer(decision);
    // An unknown flag's decision is made for the one request: its key is the caller's, and there is no end of those.
    if (decision.errorCode === 'FLAG_NOT_FOUND') this.unknown++;
    else if (this.#byDecision.size < MOST_KEPT) this.#byDecision.set(decision, answer);
    return answer;
  }
}
