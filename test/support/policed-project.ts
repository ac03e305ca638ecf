// A project whose first commit brings the policy of a team, and which tests have copies of.
import { expect } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import type { FileEdits } from './git-repository.ts';
import { PROJECT_YAML, SyncProject } from './sync-project.ts';
import { Team } from './team.ts';

export class PolicedProject implements AsyncDisposable {
  readonly team: Team;
  /** With the first commit applied. */
  readonly base: SyncProject;
  /** The first commit, which nobody has to be allowed to make. */
  readonly imported: string;

  private constructor(team: Team, base: SyncProject, imported: string) {
    this.team = team;
    this.base = base;
    this.imported = imported;
  }

  static async create(files: FileEdits): Promise<PolicedProject> {
    const team = await Team.create();
    const base = await SyncProject.create();
    const imported = await base.repository.commit('import', {
      'flags/project.yaml': PROJECT_YAML,
      'flags/access.yaml': team.policy(),
      ...files,
    });
    expect((await base.sync()).outcome).toBe('applied');
    return new PolicedProject(team, base, imported);
  }

  /** With a database and a repository of its own. */
  copy(): Promise<SyncProject> {
    return SyncProject.copyOf(this.base, this.imported);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.base[Symbol.asyncDispose]();
    await this.team[Symbol.asyncDispose]();
  }
}

/** Ends a copy, once its audit is derived again by other code than sync's, from git and the entries alone. */
export async function endVerified(project: SyncProject): Promise<void> {
  const { repository, stateFolder, pool } = project;
  const verified = await verifyAudit(pool, { repository: { repo: repository.folder, stateFolder } });
  expect(verified.break).toBeUndefined();
  await project[Symbol.asyncDispose]();
}
