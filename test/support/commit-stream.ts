// A stream of real commits of every kind, made while something else happens, and what sync must make of it.

import { setTimeout as sleep } from 'node:timers/promises';
import { environmentDefinitions } from '../../src/definitions/environments.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { readFolder } from '../../src/io/folder.ts';
import { flagYaml, type SyncProject } from './sync-project.ts';
import { until } from './until.ts';

/** Commits without end until it is stopped: edits, new and deleted and moved flags, rejected ones, and some elsewhere. */
export class CommitStream {
  readonly #project: SyncProject;
  readonly #pauseMs: number;
  #stopped = false;
  #made = 0;
  readonly #running: Promise<void>;

  constructor(project: SyncProject, pauseMs: number) {
    this.#project = project;
    this.#pauseMs = pauseMs;
    this.#running = this.#run();
  }

  get made(): number {
    return this.#made;
  }

  /** Ends the stream with a commit that is valid. Resolves to its id. */
  async stop(): Promise<string> {
    this.#stopped = true;
    await this.#running;
    const { repository } = this.#project;
    return repository.commit('the end', {
      'flags/checkout.yaml': flagYaml('checkout', 77),
      'flags/bad.yaml': flagYaml('bad'),
    });
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#commit(this.#made);
      this.#made += 1;
      await sleep(this.#pauseMs);
    }
  }

  async #commit(nth: number): Promise<void> {
    const { repository } = this.#project;
    const edit = { 'flags/checkout.yaml': flagYaml('checkout', nth % 100) };
    switch (nth % 8) {
      case 1:
        return void (await repository.commit('not about flags', { 'README.md': `${nth}` }));
      case 3:
        return void (await repository.commit('rejected', { ...edit, 'flags/bad.yaml': 'flag: bad\n' }));
      case 4:
        return void (await repository.commit('mended', { 'flags/bad.yaml': flagYaml('bad', nth % 100) }));
      case 5:
        return void (await repository.commit('new', {
          [`flags/new/flag-${nth}.yaml`]: flagYaml(`flag-${nth}`),
        }));
      case 6:
        return void (await repository.commit('moved', {
          [`flags/new/flag-${nth - 1}.yaml`]: null,
          [`flags/old/flag-${nth - 1}.yaml`]: flagYaml(`flag-${nth - 1}`),
        }));
      case 7:
        return void (await repository.commit('deleted', { [`flags/old/flag-${nth - 2}.yaml`]: null }));
      default:
        return void (await repository.commit('edited', edit));
    }
  }
}

/** The commits that must have an entry each: those whose definitions differ from the ones judged before. */
export async function commitsThatMatter(project: SyncProject, first: string): Promise<string[]> {
  const { repository } = project;
  const ids = (await repository.git('rev-list', '--first-parent', '--reverse', `${first}..main`)).split('\n');
  const all = [first, ...ids.filter((id) => id !== '')];
  const trees = (await repository.git('rev-parse', ...all.map((id) => `${id}:flags`))).split('\n');
  return all.filter((_, index) => index === 0 || trees[index] !== trees[index - 1]);
}

/** The rows that an environment has when it serves what the work tree holds, as `environment kind key digest`. */
export async function wantedByWorkTree(project: SyncProject): Promise<string[]> {
  const files = await readFolder(`${project.repository.folder}/flags`, { followLinks: false });
  const { definitions } = loadDefinitions(files);
  if (!definitions) throw new Error('the work tree must be valid');
  const rows = [...environmentDefinitions(definitions)].flatMap(([environment, bodies]) =>
    bodies.map(({ kind, key, digest }) => `${environment} ${kind} ${key} ${digest}`),
  );
  return rows.sort();
}

/** The rows that the database serves, in the same form. */
export async function servedByDatabase(project: SyncProject): Promise<string[]> {
  const rows = await project.query<{ row: string }>(
    `select concat_ws(' ', environment, kind, key, digest) as row
     from halyard.environment_definition where not deleted`,
  );
  return rows.map(({ row }) => row).sort();
}

/** Waits until the chain has judged a commit. */
export async function untilJudged(project: SyncProject, commit: string, deadlineMs = 60_000): Promise<void> {
  await until(async () => {
    const [row] = await project.query<{ commit: string }>(
      'select last_judged_commit as commit from halyard.project',
    );
    return row?.commit === commit;
  }, deadlineMs);
}
