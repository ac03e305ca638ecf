// A file of the definitions' folder, as a reader of git or of a disk hands it over, and how much of them is read.

/** `path` is relative to the definitions' folder, with `/` between its parts. */
export type SourceFile =
  | { path: string; kind: 'file'; content: Uint8Array }
  /** `unlisted`: a folder that was not looked into, since it lies too deep or holds too much. */
  | { path: string; kind: 'link' | 'submodule' | 'unlisted' }
  | { path: string; kind: 'oversized'; sizeBytes: number };

/** Limits are counted, never timed, so that `check`, `sync` and every relay decide alike. */
export const limits = {
  files: 20_000,
  fileBytes: 256 * 1024,
  folderDepth: 64,
  folderBytes: 64 * 1024 * 1024,
  tokens: 30_000,
  nesting: 64,
  conditionDepth: 16,
  regexSteps: 200_000,
  expandedConditions: 100_000,
  problemsOfFile: 100,
  problems: 10_000,
} as const;
