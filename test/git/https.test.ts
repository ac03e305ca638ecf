// A repository behind https and a token, served by git's own program.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommits } from '../../src/git/history.ts';
import { Mirror } from '../../src/git/mirror.ts';
import { parseGitSource } from '../../src/git/source.ts';
import { canServeGit, serveGit } from '../support/git-https-server.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';

const TOKEN = 'hunter2hunter2';

test.runIf(canServeGit())(
  'a token opens a repository, its replacement too, and no error shows it',
  async () => {
    await using repository = await GitRepository.create();
    const folder = await temporaryFolder('halyard-https-');
    await using server = await serveGit(repository.folder, folder, TOKEN);
    const tokenFile = join(folder, 'token');
    const inherited = { ...process.env, GIT_SSL_CAINFO: server.certificateFile };
    const mirrorOf = (branch: string) =>
      new Mirror({
        source: parseGitSource(server.url, '/'),
        branch,
        stateFolder: folder,
        credentials: { tokenFile },
        inherited,
      });
    try {
      const head = await repository.commit('one');
      const mirror = mirrorOf('main');
      await writeFile(tokenFile, `${TOKEN}-expired`);
      const error = await mirror.fetchHead().catch((caught: Error) => caught);
      expect(error).toMatchObject({ name: 'UnreachableError', code: 'git' });
      expect(`${error} ${JSON.stringify(error)}`).not.toContain('hunter2');
      await writeFile(tokenFile, `${TOKEN}\n`);
      expect(await mirror.fetchHead()).toBe(head);
      expect(await mirrorOf('HEAD').fetchHead()).toBe(head);
      const second = await repository.commit('two');
      expect(await mirror.fetchHead()).toBe(second);
      const [commit] = await mirror.ask((store) => readCommits(store, [second]));
      expect(commit?.subject).toBe('two');
      await expect(mirrorOf('nowhere').fetchHead()).rejects.toThrow(`${server.url} has no branch nowhere.`);
      expect(server.authorizations).not.toContain(undefined);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

test.runIf(canServeGit())(
  'a password in the URL opens a repository, and is no argument of any process',
  async () => {
    await using repository = await GitRepository.create();
    const folder = await temporaryFolder('halyard-https-');
    await using server = await serveGit(repository.folder, folder, TOKEN);
    try {
      // A git that notes its arguments, before the real one.
      const noted = join(folder, 'arguments');
      await writeFile(
        join(folder, 'git'),
        `#!/bin/sh\necho "$@" >> ${noted}\nPATH=\${PATH#*:} exec git "$@"\n`,
        { mode: 0o755 },
      );
      const head = await repository.commit('one');
      const source = parseGitSource(server.url.replace('//', `//x-access-token:${TOKEN}@`), '/');
      const inherited = {
        ...process.env,
        PATH: `${folder}:${process.env.PATH}`,
        GIT_SSL_CAINFO: server.certificateFile,
      };
      const mirror = new Mirror({ source, branch: 'main', stateFolder: folder, inherited });
      expect(await mirror.fetchHead()).toBe(head);
      const said = await readFile(noted, 'utf8');
      expect(said).toMatch(/^ls-remote /m);
      expect(said).toMatch(/^fetch /m);
      expect(said).not.toContain('hunter2');
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const file of files.filter((each) => each.isFile()))
        expect(await readFile(join(file.parentPath, file.name), 'latin1')).not.toContain('hunter2');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
