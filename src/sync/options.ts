// What sync is started with, and which paths and branches it takes.
import type { SigningKey } from '../audit/signing-key.ts';
import type { GitCredentials } from '../git/environment.ts';
import type { FetchLimits } from '../git/fetch.ts';
import { UsageError } from '../lib/errors.ts';
import type { SyncEvent } from './event.ts';
import type { Forge } from './evidence/forge.ts';

export interface SyncOptions {
  databaseUrl: string;
  /** A path on this machine, or a URL of https, ssh or file. */
  repo: string;
  /** Default `main`; `HEAD` follows whatever the repository has checked out. */
  branch?: string;
  /** Where in the repository the definitions are; default `flags`, `.` is the root. */
  path?: string;
  /** Where the mirror of the repository is kept between starts. */
  stateFolder: string;
  /** How long to wait between trips; default 2,000. */
  intervalMs?: number;
  credentials?: GitCredentials;
  mirrorLimits?: Partial<FetchLimits>;
  /** The ids of objects that are taken although git finds fault with them, one a line. */
  skipListFile?: string;
  /** Whose reviews of pull requests are evidence. */
  forge?: Forge;
  /** Sign the chain's end after each entry, and push it to a ref of a repository; that of the commits, if none is named. */
  checkpoints?: { key: SigningKey; ref: string; repo?: string };
  /** Accept a rewritten history or another branch by itself, in this actor's name, with an entry that says so. */
  acceptHistoryAs?: string;
  /** Hears everything that happens, in order. Must not throw. */
  onEvent?: (event: SyncEvent) => void;
  /** The clock, in epoch milliseconds. */
  now?: () => number;
  /** A number in [0, 1), for the jitter of retries. */
  random?: () => number;
}

/** Without `./` and `/` around it; the root is empty. */
export function normalPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..') || /[\0\n]/.test(path)) {
    throw new UsageError(
      `--path ${JSON.stringify(path)} must be a folder inside the repository, as \`flags\` is.`,
    );
  }
  return parts.join('/');
}

/** What git-check-ref-format(1) allows, and so nothing that a refspec would take for more than a name. */
export function validBranch(branch: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const forbidden = /^[-/]|[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[/.]$|^\.|^@$|^$/;
  if (forbidden.test(branch))
    throw new UsageError(`--branch ${JSON.stringify(branch)} is no name of a branch.`);
  return branch;
}
