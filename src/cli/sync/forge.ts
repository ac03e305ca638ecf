// The options of `halyard sync` that name a forge, read into one that can be asked for reviews.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../lib/errors.ts';
import type { Forge } from '../../sync/evidence/forge.ts';

export type ForgeKind = 'github' | 'gitlab';

export interface ForgeOptions {
  repo: string;
  forge?: ForgeKind;
  forgeRepository?: string;
  forgeUrl?: string;
  forgeTokenFile?: string;
}

const NAMES = { github: 'GitHub', gitlab: 'GitLab' } as const;
const PUBLIC_HOSTS = { github: 'github.com', gitlab: 'gitlab.com' } as const;

/** Undefined where no forge is named. Throws UsageError for options that do not go together, and for a token that cannot be read. */
export async function forgeOf(options: ForgeOptions): Promise<Forge | undefined> {
  const { forge: kind, forgeTokenFile } = options;
  if (kind === undefined) {
    const { forgeRepository, forgeUrl } = options;
    if ([forgeRepository, forgeUrl, forgeTokenFile].every((option) => option === undefined)) return undefined;
    throw new UsageError(
      'options of a forge are given, but not which: name it with --forge github or --forge gitlab.',
    );
  }
  if (forgeTokenFile === undefined)
    throw new UsageError(
      `--forge ${kind} needs --forge-token-file, a file with a token that may read the repository.`,
    );
  const tokenFile = resolve(forgeTokenFile);
  await readFile(tokenFile).catch((cause: unknown) => {
    throw new UsageError(`--forge-token-file ${forgeTokenFile} cannot be read.`, { cause });
  });
  const { repository, url } = forgePlace({ ...options, forge: kind });
  // Loaded for those alone who use one.
  const { Api } = await import('../../sync/evidence/api.ts');
  const common = { name: NAMES[kind], url, tokenFile, now: Date.now };
  if (kind === 'gitlab') {
    const { GitLab } = await import('../../sync/evidence/gitlab.ts');
    return new GitLab(new Api(common), repository);
  }
  const { GitHub } = await import('../../sync/evidence/github.ts');
  const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
  return new GitHub(new Api({ ...common, headers }), repository);
}

/** Which repository is asked about, and where. Throws UsageError. */
export function forgePlace({ repo, forge, forgeRepository, forgeUrl }: ForgeOptions & { forge: ForgeKind }): {
  repository: string;
  url: string;
} {
  const place = placeOf(repo);
  return {
    repository: repositoryName(forgeRepository ?? place?.path, forge),
    url: apiUrl(forgeUrl, place?.host, forge),
  };
}

/** Host and path of `https://host/path.git`, `ssh://git@host/path` and `git@host:path`. */
function placeOf(repo: string): { host: string; path: string } | undefined {
  if (URL.canParse(repo)) {
    const { protocol, host, hostname, pathname } = new URL(repo);
    if (protocol === 'https:') return { host, path: trimmed(pathname) };
    return protocol === 'ssh:' ? { host: webHost(hostname), path: trimmed(pathname) } : undefined;
  }
  const [, host, path] = /^(?:[^/@]+@)?([^/:]{2,}):(.+)$/.exec(repo) ?? [];
  return host === undefined || path === undefined ? undefined : { host: webHost(host), path: trimmed(path) };
}

/** Both public forges have another name for ssh on the port of https. */
function webHost(host: string): string {
  return host.replace(/^(?:ssh\.(github\.com)|altssh\.(gitlab\.com))$/, '$1$2');
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
}

function repositoryName(name: string | undefined, kind: ForgeKind): string {
  const shape = kind === 'github' ? /^[\w.-]+\/[\w.-]+$/ : /^[\w.-]+(\/[\w.-]+)+$/;
  if (name !== undefined && shape.test(name) && !/(^|\/)\.{1,2}(\/|$)/.test(name)) return name;
  const given =
    name === undefined
      ? '--repo does not say which repository it is at the forge'
      : `${JSON.stringify(name)} is no repository of ${NAMES[kind]}`;
  throw new UsageError(
    `${given}. Name it with --forge-repository ${kind === 'github' ? 'owner/name' : 'group/name'}.`,
  );
}

/** The public one's, that of the host that --repo names, or what is given. The token goes there, so it must be private. */
function apiUrl(given: string | undefined, host: string | undefined, kind: ForgeKind): string {
  if (given === undefined) {
    const at = host ?? PUBLIC_HOSTS[kind];
    if (Object.values<string>(PUBLIC_HOSTS).includes(at) && at !== PUBLIC_HOSTS[kind])
      throw new UsageError(
        `--repo is at ${at}, which is not ${NAMES[kind]}. Name the forge that it is, or --forge-url.`,
      );
    if (kind === 'gitlab') return `https://${at}/api/v4`;
    return at === PUBLIC_HOSTS.github ? 'https://api.github.com' : `https://${at}/api/v3`;
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isLocal = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (
    !url ||
    (url.protocol !== 'https:' && !isLocal) ||
    url.search ||
    url.hash ||
    url.username ||
    url.password
  )
    throw new UsageError(
      `--forge-url must be an https URL without user and query, as https://api.github.com and https://gitlab.example/api/v4 are.`,
    );
  return url.href.replace(/\/+$/, '');
}
