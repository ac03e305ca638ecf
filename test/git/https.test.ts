// A repository behind https and a token, served by git's own program.
import { rm, writeFile } from 'node:fs/promises';
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
