// What `--repo` takes and refuses, and which environment git gets.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GIT_VARIABLES, localEnvironment, withCredentials } from '../../src/git/environment.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { temporaryFolder } from '../support/git-repository.ts';

test.each([
  ['.', { kind: 'path', name: '/work', path: '/work' }],
  ['../shop', { kind: 'path', name: '/shop', path: '/shop' }],
  ['/srv/a:b', { kind: 'path', name: '/srv/a:b', path: '/srv/a:b' }],
  ['file:///srv/shop.git', { kind: 'path', name: '/srv/shop.git', path: '/srv/shop.git' }],
  [
    'https://ada:secret@git.example.com:8443/acme/shop.git?key=secret',
    {
      kind: 'url',
      name: 'https://git.example.com:8443/acme/shop.git',
      url: 'https://git.example.com:8443/acme/shop.git?key=secret',
      origin: 'https://git.example.com:8443',
      userinfo: 'ada:secret',
    },
  ],
  [
    'git@github.com:acme/shop.git',
    { kind: 'url', name: 'github.com:acme/shop.git', url: 'git@github.com:acme/shop.git' },
  ],
  [
    'ssh://git@github.com/acme/shop.git',
    {
      kind: 'url',
      name: 'ssh://github.com/acme/shop.git',
      url: 'ssh://git@github.com/acme/shop.git',
      origin: 'ssh://github.com',
    },
  ],
])('%s is a repository', (text, expected) => {
  expect(parseGitSource(text, '/work')).toEqual(expected);
});

test.each([
  '',
  '-x',
  '--upload-pack=touch /tmp/x',
  'ext::sh -c true',
  'EXT::x',
  'http://example.com/x',
  'git://x/y',
  'ftp://x',
  'a\nb',
  'https://git.example.com/a\tb',
  'https://git.example.com\\@evil.example.com/a',
  'ssh://-oProxyCommand=touch%20x/a',
  'ssh://%2doProxyCommand=x@git.example.com/a',
  'git@-oProxyCommand=x:a',
  'git@github.com:--upload-pack=x',
  'fd::17',
])('%j is refused', (text) => {
  expect(() => parseGitSource(text, '/work')).toThrow(/^--repo /);
});

test('git inherits nothing but what it needs, and no GIT_ variable', () => {
  const inherited = {
    PATH: '/bin',
    HOME: '/home/ada',
    GIT_DIR: '/x',
    GIT_SSH: 'evil',
    EDITOR: 'vi',
    SECRET: 's',
  };
  const environment = localEnvironment({
    globalConfigFile: '/state/config',
    ceilings: ['/a', '/b'],
    inherited,
  });
  expect(environment).toEqual({
    LC_ALL: 'C',
    PATH: '/bin',
    HOME: '/home/ada',
    GIT_ALLOC_LIMIT: '1g',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_CEILING_DIRECTORIES: '/a:/b',
    GIT_CONFIG_GLOBAL: '/state/config',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
  });
});

test('a token becomes a header for its own origin, and a key an ssh command', async () => {
  const folder = await temporaryFolder('halyard-token-');
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 's3cret\n');
  const https = await withCredentials({}, { tokenFile }, { origin: 'https://git.example.com' });
  expect(https).toMatchObject({
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.https://git.example.com/.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from('x-access-token:s3cret').toString('base64')}`,
  });
  expect(https.GIT_ALLOW_PROTOCOL).toBe('https:ssh:file');
  expect(Object.keys(https).filter((name) => !GIT_VARIABLES.includes(name))).toEqual([]);
  expect(await withCredentials({}, { tokenFile }, { origin: 'ssh://git.example.com' })).not.toHaveProperty(
    'GIT_CONFIG_COUNT',
  );
  const ssh = await withCredentials({}, { sshKeyFile: "/k'ey", knownHostsFile: '/hosts file' }, {});
  expect(ssh.GIT_SSH_COMMAND).toBe(
    `'ssh' '-o' 'BatchMode=yes' '-o' 'ConnectTimeout=10' '-o' 'ServerAliveInterval=15' '-o' 'ServerAliveCountMax=4' '-i' '/k'\\''ey' '-o' 'IdentitiesOnly=yes' ` +
      `'-o' 'UserKnownHostsFile="/hosts file"' '-o' 'StrictHostKeyChecking=yes'`,
  );
  await writeFile(tokenFile, 'two words');
  await expect(withCredentials({}, { tokenFile }, { origin: 'https://x' })).rejects.toThrow(
    'must hold one token',
  );
  await rm(folder, { recursive: true });
  await expect(withCredentials({}, { tokenFile }, { origin: 'https://x' })).rejects.toThrow('cannot be read');
});
