// The options of commands that mirror a repository: where the mirror is kept, and how to sign in.
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { GitCredentials } from '../git/environment.ts';
import type { FetchLimits } from '../git/fetch.ts';
import { UsageError } from '../lib/errors.ts';

export interface GitOptions {
  stateDir?: string;
  gitTokenFile?: string;
  gitSshKey?: string;
  gitKnownHosts?: string;
  gitSkipList?: string;
  mirrorLimit?: number;
}

export interface MirrorChoices {
  stateFolder: string;
  credentials: GitCredentials;
  skipListFile?: string;
  mirrorLimits?: Partial<FetchLimits>;
}

export function addGitOptions(command: Command): Command {
  return command
    .option(
      '--state-dir <folder>',
      'where to keep the mirror (default: $XDG_STATE_HOME/halyard, ~/.local/state/halyard)',
    )
    .option('--git-token-file <file>', 'a token for https')
    .option('--git-ssh-key <file>', 'a private key for ssh')
    .option('--git-known-hosts <file>', 'the host keys to trust for ssh')
    .option('--git-skip-list <file>', 'ids of objects to take although git finds fault with them, one a line')
    .option('--mirror-limit <megabytes>', 'how large the mirror may become (default: 4096)', readMegabytes);
}

/** Whole paths. Throws UsageError where no folder is named and there is no home folder. */
export function mirrorOptions(options: GitOptions): MirrorChoices {
  const { stateDir, gitTokenFile, gitSshKey, gitKnownHosts, gitSkipList, mirrorLimit } = options;
  return {
    ...(gitSkipList !== undefined && { skipListFile: resolve(gitSkipList) }),
    ...(mirrorLimit !== undefined && { mirrorLimits: { mirrorBytes: mirrorLimit * 1024 * 1024 } }),
    stateFolder: resolve(stateDir ?? defaultStateFolder()),
    credentials: {
      ...(gitTokenFile !== undefined && { tokenFile: resolve(gitTokenFile) }),
      ...(gitSshKey !== undefined && { sshKeyFile: resolve(gitSshKey) }),
      ...(gitKnownHosts !== undefined && { knownHostsFile: resolve(gitKnownHosts) }),
    },
  };
}

/** XDG Base Directory Specification: state that persists between restarts. */
function defaultStateFolder(): string {
  const { XDG_STATE_HOME, HOME } = process.env;
  if (XDG_STATE_HOME) return join(XDG_STATE_HOME, 'halyard');
  if (HOME) return join(HOME, '.local', 'state', 'halyard');
  throw new UsageError('there is no home folder to keep the mirror in. Name a folder with --state-dir.');
}

function readMegabytes(text: string): number {
  const megabytes = Number(text);
  if (/^\d{1,9}$/.test(text) && megabytes > 0) return megabytes;
  throw new InvalidArgumentError('It is a whole number of megabytes, as 4096 is.');
}
