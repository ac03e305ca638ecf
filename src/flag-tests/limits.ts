// How much is run at most: counted before matrices are written out, never timed.

/** Cases, and the values in all of their parts together. */
export interface CaseCount {
  cases: number;
  values: number;
}

export const caseLimits = {
  ofFile: { cases: 10_000, values: 2_000_000 },
  ofFolder: { cases: 100_000, values: 10_000_000 },
} as const satisfies Record<string, CaseCount>;
