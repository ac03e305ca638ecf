// A check, where it stands, what is left without it, and the tests that turn red then.

export interface Pair {
  check: string;
  file: string;
  /** Each text stands exactly once in the file; what takes its place leaves the check out. */
  edits: readonly (readonly [from: string, to: string])[];
  /** By file, titles as they are written there, or in a table that the file imports from beside it. */
  tests: readonly (readonly [file: string, ...titles: string[]])[];
}
