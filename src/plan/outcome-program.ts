// From a compiled outcome to its program: whom it takes, by what is drawn, and whom it passes on.
import { BUCKETS } from '../engine/bucket.ts';
import type { OutcomeNode, Range } from '../engine/outcome.ts';
import type { Decision } from '../model/decision.ts';
import { type Dimension, dimension, type Part, type Program } from './program.ts';
import type { Programs } from './programs.ts';
import type { Side } from './side.ts';

/** Where a decision leads: to its answer, or for a required flag on to the flag that requires it. */
export type Give = (decision: Decision) => Program;

/** Where units go on: those who are taken, those who are not, and those whom a split finds without a unit. */
export interface Ways {
  readonly give: Give;
  readonly pass: Program;
  readonly none: Program;
}

/** Throws TooMuch. */
export function outcomeProgram(node: OutcomeNode, ways: Ways, side: Side, programs: Programs): Program {
  switch (node.kind) {
    case 'serve':
      return ways.give(node.decision);
    case 'ramp': {
      const range = { from: 0, to: node.ramp.shareAt(side.nowMs), decision: node.decision };
      return split(drawn(node.bucket, side), [range], ways, programs);
    }
    case 'split':
      return split(drawn(node.bucket, side), node.ranges, ways, programs);
    case 'experiment': {
      if (node.running === undefined) return ways.pass;
      const { inclusion, bucket, ranges } = node.running;
      const parts = [
        { to: inclusion.from, program: ways.pass },
        { to: inclusion.to, program: split(drawn(bucket, side), ranges, ways, programs) },
        { to: BUCKETS, program: ways.pass },
      ];
      return programs.split(drawn(inclusion.bucket, side), parts, ways.none);
    }
  }
}

/** Ranges lie end to end from 0; who is beyond them is passed on. */
function split(
  on: Dimension,
  ranges: readonly Range[],
  { give, pass, none }: Ways,
  programs: Programs,
): Program {
  const parts: Part[] = ranges.map(({ to, decision }) => ({ to, program: give(decision) }));
  return programs.split(on, [...parts, { to: BUCKETS, program: pass }], none);
}

function drawn({ name, unit }: { readonly name: string; readonly unit: string }, { salt }: Side): Dimension {
  return dimension(salt, name, unit);
}
