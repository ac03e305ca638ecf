// How many cases are run at most: counted after their matrices are written out, never timed.

export const caseLimits = {
  /** Of one file, in all of its environments. */
  ofFile: 10_000,
  /** Of all files together. */
  ofFolder: 100_000,
} as const;
