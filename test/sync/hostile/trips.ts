// Runs sync against a hostile commit between two good ones, and holds it to the same promises every time.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { SyncEvent, TripOutcome } from '../../../src/sync/event.ts';
import { eventLine } from '../../../src/sync/event-line.ts';
import { Sync } from '../../../src/sync/loop.ts';
import type { SyncOptions } from '../../../src/sync/options.ts';
import { HostileRepository } from '../../support/hostile-repository.ts';
import { SyncProject } from '../../support/sync-project.ts';

/** What is broken stays broken here. */
const GIVE_UP_AFTER_MS = 500;

/** What a hostile commit is built upon. */
export interface Ground {
  readonly repository: HostileRepository;
  /** The good commit that is applied. */
  readonly base: string;
}

export interface Seen {
  outcome: TripOutcome;
  events: SyncEvent[];
}

/** A project whose first commit is applied, in a repository whose objects are written by hand. */
export class HostileTrip implements AsyncDisposable {
  readonly project: SyncProject;
  readonly repository: HostileRepository;
  #base: string;
  #percent = 10;
  /** A file that every program which must not run writes to. */
  readonly marker: string;

  private constructor(project: SyncProject, repository: HostileRepository, base: string) {
    this.project = project;
    this.repository = repository;
    this.#base = base;
    this.marker = join(project.repository.folder, 'a-program-was-run');
  }

  static async begin(): Promise<HostileTrip> {
    const project = await SyncProject.create();
    const repository = new HostileRepository(join(project.repository.folder, '.git'));
    const base = repository.commit({ tree: repository.project(), message: 'good\n' });
    repository.setBranch(base);
    const trip = new HostileTrip(project, repository, base);
    trip.#setTraps();
    expect((await trip.sync()).outcome).toBe('applied');
    return trip;
  }

  get ground(): Ground {
    return { repository: this.repository, base: this.#base };
  }

  /** A commit that was applied otherwise. */
  standAt(head: string): void {
    this.#base = head;
  }

  async sync(options: Partial<SyncOptions> = {}): Promise<Seen> {
    const events: SyncEvent[] = [];
    const heard = { onEvent: (event: SyncEvent) => events.push(event), ...options };
    await using sync = new Sync(this.project.options(heard));
    const seen = { outcome: await sync.runOnce(AbortSignal.timeout(120_000), GIVE_UP_AFTER_MS), events };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    for (const event of seen.events) expect(eventLine(event, 'flags')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    return seen;
  }

  /** Makes `head` the branch's head and syncs; what is applied and served stays as it is. Resolves to what was seen. */
  async refuse(head: string, options: Partial<SyncOptions> = {}): Promise<Seen> {
    const before = await this.applied();
    this.repository.setBranch(head);
    const seen = await this.sync(options);
    expect(await this.applied()).toEqual(before);
    this.assertNothingRan();
    return seen;
  }

  /** A good commit after `parent` is applied with the next revision. */
  async heal(parent: string, options: Partial<SyncOptions> = {}): Promise<void> {
    const { repository } = this;
    this.#percent += 1;
    const tree = repository.project([], this.#percent);
    const head = repository.commit({ tree, parents: [parent], message: 'healed\n' });
    repository.setBranch(head);
    this.#base = head;
    const { outcome, events } = await this.sync(options);
    expect(outcome).toBe('applied');
    expect(events.at(-1)).toMatchObject({ type: 'applied', commit: head });
    this.assertNothingRan();
  }

  /** All that is applied and served, the audit aside. */
  async applied(): Promise<unknown> {
    const { project } = this;
    return {
      definitions: await project.query('select * from halyard.definition order by kind, key'),
      environments: await project.query(
        'select * from halyard.environment_definition order by environment, kind, key',
      ),
      heads: await project.query('select * from halyard.snapshot_head order by environment'),
    };
  }

  assertNothingRan(): void {
    const found = readdirSync(this.project.repository.folder).filter((name) => name !== '.git');
    expect(found).toEqual([]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.project[Symbol.asyncDispose]();
  }

  /** Everything in a repository's own folder by which git could be made to run a program. */
  #setTraps(): void {
    const { gitFolder } = this.repository;
    const trap = join(gitFolder, 'trap');
    writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> '${this.marker}'\n`, { mode: 0o755 });
    mkdirSync(join(gitFolder, 'hooks'), { recursive: true });
    const hooks = [
      'post-upload-pack',
      'pre-auto-gc',
      'reference-transaction',
      'post-checkout',
      'post-index-change',
    ];
    for (const hook of hooks)
      writeFileSync(join(gitFolder, 'hooks', hook), readFileSync(trap), { mode: 0o755 });
    mkdirSync(join(gitFolder, 'info'), { recursive: true });
    writeFileSync(join(gitFolder, 'info', 'attributes'), '* filter=evil diff=evil merge=evil\n');
    writeFileSync(
      join(gitFolder, 'config'),
      `[core]
	repositoryformatversion = 0
	bare = true
	fsmonitor = ${trap}
	sshCommand = ${trap}
	pager = ${trap}
	editor = ${trap}
	gitProxy = ${trap}
	askPass = ${trap}
	alternateRefsCommand = ${trap}
[uploadpack]
	packObjectsHook = ${trap}
[credential]
	helper = ${trap}
[filter "evil"]
	clean = ${trap}
	smudge = ${trap}
	process = ${trap}
	required = true
[diff]
	external = ${trap}
[diff "evil"]
	textconv = ${trap}
	command = ${trap}
[gpg]
	program = ${trap}
[gpg "ssh"]
	program = ${trap}
	defaultKeyCommand = ${trap}
[include]
	path = ${join(gitFolder, 'nowhere')}
[includeIf "gitdir:/"]
	path = /etc/hostname
[extensions]
	partialClone = evil
[remote "evil"]
	url = ext::${trap}
	promisor = true
	uploadpack = ${trap}
	vcs = evil
[url "ext::${trap} "]
	insteadOf = /
[alias]
	rev-parse = !${trap}
	fetch = !${trap}
[trace2]
	normalTarget = ${this.marker}
[protocol]
	allow = always
`,
    );
  }
}
