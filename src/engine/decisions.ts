// Decisions are made when a snapshot is compiled, frozen, and handed out as they are.
import type { JsonValue } from '../lib/json.ts';
import type { Decision, DecisionMetadata, ErrorCode, Reason } from '../model/decision.ts';
import type { FlagBody } from '../model/snapshot.ts';

type Why = Omit<DecisionMetadata, 'environment' | 'revision' | 'commit'>;

/** Makes the decisions of one flag. Members stand in one order, so that the same decision is the same text. */
export class DecisionMaker {
  readonly #flag: string;
  readonly #body: FlagBody;
  readonly #where: DecisionMetadata;

  constructor(flag: string, body: FlagBody, where: DecisionMetadata) {
    this.#flag = flag;
    this.#body = body;
    this.#where = where;
  }

  /** Gives a variation. Throws an error if the flag has none of that name. */
  give(variation: string, reason: Reason, why?: Why): Decision {
    const { variations } = this.#body;
    const value = Object.hasOwn(variations, variation) ? variations[variation] : undefined;
    if (value === undefined || value === null) throw new Error(`it has no variation \`${variation}\``);
    return Object.freeze({
      flag: this.#flag,
      value: deepFreeze(value),
      variation,
      reason,
      metadata: this.#metadata(why),
    });
  }

  /** Gives the `off` variation, or no value where the flag has none. */
  giveOff(reason: Reason, why?: Why): Decision {
    if (this.#body.off !== undefined) return this.give(this.#body.off, reason, why);
    return Object.freeze({ flag: this.#flag, reason, metadata: this.#metadata(why) });
  }

  /** An error carries the `off` variation, so that an app which ignores errors is safe. */
  fail(errorCode: ErrorCode): Decision {
    const { flag, metadata, reason, ...given } = this.giveOff('ERROR');
    return Object.freeze({ flag, ...given, reason, errorCode, metadata });
  }

  #metadata(why: Why | undefined): DecisionMetadata {
    return why ? Object.freeze({ ...this.#where, ...why }) : this.#where;
  }
}

/** Decisions are shared, so nobody may change a value that all get. Not recursive: a value may nest as deep as it likes. */
function deepFreeze(value: JsonValue): JsonValue {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (const child of Object.values(next)) waiting.push(child);
  }
  return value;
}
