// What `access explain` says of a commit before sync sees it is what sync then does, in histories made by chance.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommitReport } from '../../../src/cli/access/commit-report.ts';
import type { SyncEvent } from '../../../src/sync/event.ts';
import type { FileEdits } from '../../support/git-repository.ts';
import { flagYaml, PROJECT_YAML, SyncProject } from '../../support/sync-project.ts';
import { mailOf, type Name, Team } from '../../support/team.ts';
import { examined } from './examined.ts';

/** Mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let team: Team;
let base: SyncProject;
let imported: string;

const PATHS = ['checkout.yaml', 'payments/pay.yaml', 'vault/open.yaml', 'search.yaml'];
const keyOf = (path: string) => path.replace(/^.*\/|\.yaml$/g, '');

beforeAll(async () => {
  team = await Team.create();
  base = await SyncProject.create();
  const flags = PATHS.map((path) => [`flags/${path}`, flagYaml(keyOf(path))]);
  imported = await base.repository.commit('import', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/access.yaml': team.policy(),
    ...Object.fromEntries(flags),
  });
  expect((await base.sync()).outcome).toBe('applied');
});

afterAll(async () => {
  await base[Symbol.asyncDispose]();
  await team[Symbol.asyncDispose]();
});

/** Steps of a history: commits, merges, approvals; each is one of those that people and attackers do. */
class Chance {
  readonly #project: SyncProject;
  readonly #random: () => number;

  constructor(project: SyncProject, seed: number) {
    this.#project = project;
    this.#random = numbers(seed);
  }

  async step(): Promise<void> {
    const { repository } = this.#project;
    const share = this.#random();
    if (share < 0.2)
      return team.approve(repository, this.#one(['alice', 'carol', 'bob', 'vera', 'mallory', 'lost']), {
        ...(this.#random() < 0.2 && { expires: '2001-01-01T00:00:00Z' }),
        ...(this.#random() < 0.2 && { environments: ['dev'] }),
      });
    if (share < 0.3) return this.#merge();
    const count = share < 0.45 ? 2 : 1;
    for (let made = 0; made < count; made += 1) await this.#commit();
  }

  async #commit(): Promise<void> {
    const signer = this.#one<Name | undefined>([
      ...(['alice', 'alice', 'bob', 'bob', 'bob', 'carol', 'vera', 'forge', 'lost', 'mallory'] as const),
      undefined,
    ]);
    const author = this.#random() < 0.3 ? { author: mailOf(this.#one(['alice', 'bob', 'mallory'])) } : {};
    await team.commit(this.#project.repository, signer, 'change', this.#edits(), author);
  }

  #edits(): FileEdits {
    const share = this.#random();
    if (share < 0.1) return {};
    if (share < 0.15) return { 'README.md': `${this.#random()}` };
    if (share < 0.22) {
      const signatures = this.#one(['required', 'recorded']);
      return {
        'flags/access.yaml': team.policy({ signatures, admins: this.#one([['alice'], ['alice', 'bob']]) }),
      };
    }
    if (share < 0.27) return { 'flags/checkout.yaml': 'flag: [broken' };
    if (share < 0.32) return { 'flags/project.yaml': PROJECT_YAML.replace('acme/shop', 'acme/other') };
    if (share < 0.36)
      return { 'flags/project.yaml': PROJECT_YAML, 'flags/checkout.yaml': flagYaml('checkout') };
    const path = this.#one(PATHS);
    const percent = 1 + Math.floor(this.#random() * 90);
    const ofDev = flagYaml(keyOf(path)).replace('dev: { serve: on }', 'dev: { serve: off }');
    return { [`flags/${path}`]: this.#random() < 0.3 ? ofDev : flagYaml(keyOf(path), percent) };
  }

  async #merge(): Promise<void> {
    const { repository } = this.#project;
    await repository.git('checkout', '-q', '-b', 'side');
    await this.#commit();
    await repository.git('checkout', '-q', 'main');
    const signer = this.#one<Name>(['alice', 'bob', 'forge']);
    await repository.git(...team.signing(signer), 'merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
    await repository.git('branch', '-q', '-D', 'side');
  }

  #one<T>(things: readonly T[]): T {
    return things[Math.floor(this.#random() * things.length)] as T;
  }
}

const problemsOf = (report: CommitReport) =>
  report.problems.map(({ file, code, message }) => ({ file, code, message }));

function agrees(report: CommitReport, outcome: string, event: SyncEvent | undefined): void {
  const said = { verdict: report.verdict, problems: problemsOf(report) };
  if (event?.type === 'applied') {
    expect(said).toEqual({ verdict: 'applied', problems: [] });
  } else if (event?.type === 'rejected') {
    const problems = event.problems.map(({ file, code, message }) => ({ file, code, message }));
    expect(said).toEqual({ verdict: 'refused', problems });
  } else {
    const nothing = report.recorded ? 'applied' : 'passed-over';
    expect(said.verdict).toBe(outcome === 'applied' ? nothing : 'refused');
  }
  if (event?.type !== 'applied' && event?.type !== 'rejected') return;
  expect(report.signature).toEqual(event.signature);
  const counted = report.approvals.found.filter(({ counts }) => counts).map(({ person }) => person);
  expect([...new Set(counted)].sort()).toEqual(event.approvedBy);
}

test.each([1, 2, 3])(
  'before and after agree in the history of seed %i',
  async (seed) => {
    await using project = await SyncProject.copyOf(base, imported);
    const { repository, database } = project;
    const chance = new Chance(project, seed);
    const told = new Set<string>();
    for (let step = 0; step < 10; step += 1) {
      const before = await repository.head();
      await chance.step();
      const head = await repository.head();
      const made = await repository.git('rev-list', '--first-parent', '--reverse', `${before}..HEAD`);
      const reports = new Map<string, CommitReport>();
      for (const id of made === '' ? [head] : made.split('\n'))
        reports.set(id, await examined(repository.folder, id, database.url));
      const { outcome, events } = await project.sync();
      for (const [id, report] of reports) {
        told.add(report.verdict);
        const event = events.find((each) => 'commit' in each && each.commit === id);
        if (event || id === head) agrees(report, outcome, event);
      }
    }
    expect(told.size).toBeGreaterThan(1);
  },
  120_000,
);
