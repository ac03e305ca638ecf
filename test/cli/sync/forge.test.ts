// The options of sync that name a forge: where its API is asked, about which repository, and what is refused.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ForgeKind, forgeOf, forgePlace } from '../../../src/cli/sync/forge.ts';
import { GitHub } from '../../../src/sync/evidence/github.ts';
import { GitLab } from '../../../src/sync/evidence/gitlab.ts';
import { temporaryFolder } from '../../support/git-repository.ts';

describe('the place', () => {
  test.each([
    ['github', 'https://github.com/acme/shop.git', 'acme/shop', 'https://api.github.com'],
    ['github', 'https://user@github.com/acme/shop', 'acme/shop', 'https://api.github.com'],
    ['github', 'git@github.com:acme/shop.git', 'acme/shop', 'https://api.github.com'],
    ['github', 'ssh://git@ssh.github.com:443/acme/shop.git', 'acme/shop', 'https://api.github.com'],
    [
      'github',
      'https://git.acme.example:8443/acme/shop/',
      'acme/shop',
      'https://git.acme.example:8443/api/v3',
    ],
    ['gitlab', 'https://gitlab.com/acme/web/shop.git', 'acme/web/shop', 'https://gitlab.com/api/v4'],
    ['gitlab', 'git@altssh.gitlab.com:acme/shop.git', 'acme/shop', 'https://gitlab.com/api/v4'],
    [
      'gitlab',
      'ssh://git@git.acme.example:2222/acme/shop.git',
      'acme/shop',
      'https://git.acme.example/api/v4',
    ],
  ] as const)('of %s at %s is %s at %s', (forge, repo, repository, url) => {
    expect(forgePlace({ forge, repo })).toEqual({ repository, url });
  });

  test('of a path is what the options say, at the public forge or where its API is', () => {
    const given = { repo: '/srv/git/shop.git', forge: 'github', forgeRepository: 'acme/shop' } as const;
    expect(forgePlace(given)).toEqual({ repository: 'acme/shop', url: 'https://api.github.com' });
    expect(forgePlace({ ...given, forgeUrl: 'https://git.acme.example/api/v3/' }).url).toBe(
      'https://git.acme.example/api/v3',
    );
    expect(forgePlace({ ...given, forgeUrl: 'http://127.0.0.1:8080' }).url).toBe('http://127.0.0.1:8080');
  });
});

describe('refused', () => {
  const place = { forge: 'github' as ForgeKind, repo: '.', forgeRepository: 'acme/shop' };
  test.each([
    ['a path that says nothing', { ...place, forgeRepository: undefined }, '--forge-repository owner/name'],
    ['a repository without an owner', { ...place, forgeRepository: 'shop' }, '--forge-repository owner/name'],
    ['a GitHub repository in two groups', { ...place, forgeRepository: 'a/b/c' }, '--forge-repository'],
    [
      'a repository that climbs',
      { ...place, forge: 'gitlab' as const, forgeRepository: 'a/../b' },
      '--forge-repository group/name',
    ],
    ['a query as a repository', { ...place, forgeRepository: 'a/b?c' }, '--forge-repository'],
    ['an API in the clear', { ...place, forgeUrl: 'http://api.acme.example' }, 'https'],
    ['an API that is a file', { ...place, forgeUrl: 'file:///etc/passwd' }, 'https'],
    ['an API with a user', { ...place, forgeUrl: 'https://u:p@acme.example' }, 'https'],
    ['an API that is no URL', { ...place, forgeUrl: 'api.github.com' }, 'https'],
    [
      'the other public forge',
      { forge: 'github' as const, repo: 'https://gitlab.com/acme/shop' },
      'not GitHub',
    ],
  ])('is %s', (_, options, message) => {
    const { forgeRepository, ...rest } = { forgeRepository: undefined, ...options };
    const given = { ...rest, ...(forgeRepository !== undefined && { forgeRepository }) };
    expect(() => forgePlace(given)).toThrow(message);
  });

  test('is a forge without a token, a token that is not there, and a token without a forge', async () => {
    const options = { repo: 'https://github.com/acme/shop', forge: 'github' as const };
    await expect(forgeOf(options)).rejects.toThrow('--forge-token-file');
    await expect(forgeOf({ ...options, forgeTokenFile: '/nowhere/token' })).rejects.toThrow('cannot be read');
    await expect(forgeOf({ repo: '.', forgeTokenFile: 'token' })).rejects.toThrow('--forge github');
    expect(await forgeOf({ repo: '.' })).toBeUndefined();
  });
});

test('each kind is asked in its own way', async () => {
  const folder = await temporaryFolder('halyard-forge-');
  try {
    const forgeTokenFile = join(folder, 'token');
    await writeFile(forgeTokenFile, 'hunter2hunter2');
    expect(await forgeOf({ repo: 'git@github.com:a/b', forge: 'github', forgeTokenFile })).toBeInstanceOf(
      GitHub,
    );
    expect(await forgeOf({ repo: 'git@gitlab.com:a/b', forge: 'gitlab', forgeTokenFile })).toBeInstanceOf(
      GitLab,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
