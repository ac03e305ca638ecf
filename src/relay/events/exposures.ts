// Offers exposures: that a unit was given an arm, the first time within an hour or each time, as the experiment says.
import type { Context } from '../../model/context.ts';
import type { Decision } from '../../model/decision.ts';
import type { DropReason } from '../events.ts';
import type { Backlog } from './backlog.ts';
import { newId } from './ids.ts';
import { Offered } from './offered.ts';
import type { Arm, Scope } from './scope.ts';
import type { Units } from './units.ts';

export class Exposures {
  readonly #units: Units;
  readonly #backlog: Pick<Backlog, 'add'>;
  readonly #onDrop: (reason: DropReason) => void;
  readonly #offered = new Offered();

  constructor(units: Units, backlog: Pick<Backlog, 'add'>, onDrop: (reason: DropReason) => void) {
    this.#units = units;
    this.#backlog = backlog;
    this.#onDrop = onDrop;
  }

  /** Offers the exposure of a decision, if it is one. */
  offer({ arms }: Scope, { metadata }: Decision, context: Context, nowMs: number): void {
    const { experiment, arm } = metadata;
    if (experiment === undefined || arm === undefined) return;
    const exposed = arms.get(experiment)?.get(arm);
    if (exposed) this.#offer(exposed, context, nowMs);
  }

  /** Offers those of all flags' decisions, which come in the ruleset's order: a look at each flag that can give an arm. */
  offerEvery(scope: Scope, decisions: readonly Decision[], context: Context, nowMs: number): void {
    for (const at of scope.positions) this.offer(scope, decisions[at] as Decision, context, nowMs);
  }

  /** What was taken may be lost, or what was dropped may be wanted now: each exposure is offered again. */
  forget(): void {
    this.#offered.clear();
  }

  #offer(arm: Arm, context: Context, nowMs: number): void {
    const unit = this.#units.inContext(arm.unit, context);
    // Without a unit there was no arm to give.
    if (unit === undefined || (!arm.isEach && this.#offered.has(arm.digest, unit, nowMs))) return;
    const outside = this.#units.outside(arm.unit, unit);
    if (typeof outside === 'string') {
      this.#onDrop(outside);
      // Counted as it would have been offered.
      if (!arm.isEach) this.#offered.add(arm.digest, unit, nowMs);
      return;
    }
    const line = `${arm.head}${nowMs},"id":"${newId(nowMs)}","unit":${JSON.stringify(outside.unit)}}\n`;
    const dropped = this.#backlog.add('exposure', line, 1, nowMs);
    if (dropped !== undefined) {
      this.#onDrop(dropped);
      return;
    }
    // Only now: one that was dropped is offered when the unit comes again.
    if (!arm.isEach) this.#offered.add(arm.digest, unit, nowMs);
  }
}
