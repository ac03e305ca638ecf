// The environment that git runs in: exactly named variables, so that nobody's configuration changes what a commit means.
import { readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { UsageError } from '../lib/errors.ts';

/** How to sign in to the repository: files that are read when they are used, so that they can be replaced. */
export interface GitCredentials {
  /** A file with a token for https, sent as a header and never as an argument. */
  tokenFile?: string;
  /** A private SSH key. */
  sshKeyFile?: string;
  /** The host keys that are trusted. */
  knownHostsFile?: string;
}

export type GitEnvironment = Record<string, string>;

/** The `GIT_…` variables that simple-git lets through; all others are refused or stripped. */
export const GIT_VARIABLES: readonly string[] = [
  'GIT_ALLOC_LIMIT',
  'GIT_ALLOW_PROTOCOL',
  'GIT_ASKPASS',
  'GIT_CEILING_DIRECTORIES',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_KEY_0',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_VALUE_0',
  'GIT_NO_LAZY_FETCH',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_TERMINAL_PROMPT',
  'SSH_ASKPASS',
];

/** Those of them that say how a person reaches and signs in to repositories. */
const OWN_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_ASKPASS',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_SYSTEM',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'SSH_ASKPASS',
]);
/** What simple-git takes for a program to be run, and nothing here needs. */
const PROGRAMS = new Set(['EDITOR', 'VISUAL', 'PAGER', 'PREFIX']);

/** What git, ssh and TLS need of the surroundings: programs, an agent, a proxy, a company's certificates. */
const INHERITED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'GIT_SSL_CAINFO',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
];

export interface EnvironmentOptions {
  /** A configuration file of ours, which names the repositories that may belong to someone else. */
  globalConfigFile: string;
  /** Git never looks for a repository in these folders when it is run below them. */
  ceilings: readonly string[];
  inherited: NodeJS.ProcessEnv;
}

/** The variables for a command that stays in its folder: no transport is allowed, so nothing is fetched behind our back. */
export function localEnvironment(options: EnvironmentOptions): GitEnvironment {
  const environment: GitEnvironment = {
    LC_ALL: 'C',
    // No object is so large that it may take more memory at once: git ends with an error instead (wrapper.c in git).
    GIT_ALLOC_LIMIT: '1g',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_CEILING_DIRECTORIES: options.ceilings.join(delimiter),
    GIT_CONFIG_GLOBAL: options.globalConfigFile,
    GIT_CONFIG_SYSTEM: '/dev/null',
    // Git that knows it (2.39.4, 2.45.1) does not even try: a fetch that is refused may kill the asking command by SIGPIPE.
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
  for (const name of INHERITED) {
    const value = options.inherited[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** The surroundings of a person's own git: their configuration and credentials count, and no terminal is asked. */
export function ownEnvironment(inherited: NodeJS.ProcessEnv): GitEnvironment {
  const entries = Object.entries(inherited).flatMap(([name, value]) => {
    const upper = name.toUpperCase();
    const isKept = OWN_VARIABLES.has(name) || !(upper.startsWith('GIT_') || PROGRAMS.has(upper));
    return value !== undefined && isKept ? [[name, value] as const] : [];
  });
  return { ...Object.fromEntries(entries), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
}

/**
 * Adds what a command needs that talks to a repository, `origin` being `https://host[:port]`, absent for ssh and paths.
 * A token goes before the URL's own userinfo. Throws UsageError for an unreadable token.
 */
export async function withCredentials(
  environment: GitEnvironment,
  credentials: GitCredentials,
  { origin, userinfo }: { origin?: string; userinfo?: string },
): Promise<GitEnvironment> {
  const result = {
    ...environment,
    GIT_ALLOW_PROTOCOL: 'https:ssh:file',
    GIT_SSH_COMMAND: sshCommand(credentials),
  };
  if (!origin?.startsWith('https:')) return result;
  const { tokenFile } = credentials;
  const login = tokenFile === undefined ? userinfo : `x-access-token:${await readToken(tokenFile)}`;
  if (login === undefined) return result;
  return {
    ...result,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(login).toString('base64')}`,
  };
}

async function readToken(path: string): Promise<string> {
  const token = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--git-token-file ${path} cannot be read.`, { cause });
  });
  if (!/^[\x21-\x7e]+\s*$/.test(token))
    throw new UsageError(`--git-token-file ${path} must hold one token and nothing else.`);
  return token.trim();
}

function sshCommand({ sshKeyFile, knownHostsFile }: GitCredentials): string {
  const words = ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'];
  // A server that is gone in the midst of a pack is found out within a minute.
  words.push('-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=4');
  if (sshKeyFile !== undefined) words.push('-i', sshKeyFile, '-o', 'IdentitiesOnly=yes');
  if (knownHostsFile !== undefined)
    words.push('-o', `UserKnownHostsFile="${knownHostsFile}"`, '-o', 'StrictHostKeyChecking=yes');
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
