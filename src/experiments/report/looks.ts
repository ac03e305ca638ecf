// The planned looks that were taken, as a report lists them: what each saw, and the boundary that it was held against.
import type { Analysis, LookTaken } from '../analysis.ts';
import { when } from './facts.ts';
import { figure, finite, pText, share, whole } from './numbers.ts';
import type { Sentence } from './sentence.ts';

export interface ToldLook {
  look: string;
  at: Sentence;
  /** Of the planned size or time: `40 %`. */
  fraction: string;
  arms: {
    arm: string;
    /** `2.413`, or why there is none. */
    z: string;
    bound: string;
    adjustedP: string;
    /** `crossed`, or empty. */
    word: string;
  }[];
}

export function toldLooks({ looks, plan }: Analysis): ToldLook[] {
  return looks.map((look) => ({
    look: plan.sequential ? `${whole(look.look)} of ${whole(plan.sequential.looks)}` : whole(look.look),
    at: when(look.at),
    fraction: share(Math.round(look.fraction * 100) / 100),
    arms: look.arms.map((arm) => toldArm(arm, plan.alpha)),
  }));
}

function toldArm({ arm, z, bound, adjustedP, isCrossed }: LookTaken['arms'][number], alpha: number) {
  const [score, limit, p] = [finite(z), finite(bound), finite(adjustedP)];
  return {
    arm,
    z: score === null ? 'not computable' : figure(score, 3),
    bound: limit === null ? 'none' : figure(limit, 3),
    adjustedP: p === null ? '' : pText(p, alpha),
    word: isCrossed ? 'crossed' : '',
  };
}
