// One honest chain at random: commits of every kind on a branch of their own, synced now and then, with operators' acts between.
import { APPROVAL_NAMESPACE, approvalId, approvalText, statementText } from '../../src/access/statement.ts';
import { acceptHistory } from '../../src/sync/accept-history.ts';
import { Sync } from '../../src/sync/loop.ts';
import { writeOverride } from '../../src/sync/override/write.ts';
import type { GitRepository } from '../support/git-repository.ts';
import { commitBytes, pipe, type SshKey, sshSignature, withHeader } from '../support/signing.ts';
import { Files, type Random } from './random-files.ts';

export interface Surroundings {
  repository: GitRepository;
  stateFolder: string;
  databaseUrl: string;
  /** ann administers, bob develops, and nobody knows eve. */
  keys: Record<'ann' | 'bob' | 'eve', SshKey>;
}

type Who = keyof Surroundings['keys'] | undefined;

/** Branch, folder and project are its own. */
export class HonestChain {
  readonly project: string;
  readonly branch: string;
  readonly path: string;
  readonly #around: Surroundings;
  readonly #random: Random;
  readonly #files: Files;
  #commits: string[] = [];
  #made = 0;

  constructor(around: Surroundings, name: string, random: Random) {
    this.project = `acme/${name}`;
    this.branch = name;
    this.path = name;
    this.#around = around;
    this.#random = random;
    this.#files = new Files(this.project, random);
  }

  get head(): string {
    return this.#commits.at(-1) ?? '';
  }

  /** Commits some states: signed by these in turn, or by nobody, in one git process then. */
  async commit(count: number, who?: Who[]): Promise<void> {
    const lines: string[] = [];
    for (let n = 0; n < count; n++) {
      if (this.#made > 0) this.#files.step();
      if (who) await this.#commit(who[n % who.length]);
      else lines.push(...this.#unsigned(n === 0));
    }
    if (lines.length === 0) return;
    await this.#fastImport(lines);
    const { repository } = this.#around;
    const line = await repository.git('rev-list', '--first-parent', '--reverse', this.branch);
    this.#commits = line.split('\n');
  }

  /** Brings in the access policy, which is signed by ann from then on. */
  async bringPolicy(signatures: 'required' | 'recorded'): Promise<void> {
    const { ann, bob } = this.#around.keys;
    this.#files.set('access.yaml', policyYaml(ann.fingerprint, bob.fingerprint, signatures));
    await this.#commit('ann');
  }

  /** A commit by bob to prod, which waits for ann. */
  async commitForApproval(): Promise<void> {
    this.#files.ramp();
    await this.#commit('bob');
  }

  /** ann approves the head. */
  async approve(): Promise<void> {
    const { repository, keys } = this.#around;
    const tree = await repository.git('rev-parse', `${this.head}:${this.path}`);
    const environments = ['dev', 'prod'];
    const statement = statementText({
      v: 1,
      project: this.project,
      tree,
      environments,
      expires: '2999-01-01T00:00:00Z',
    });
    const signature = await sshSignature(keys.ann.file, Buffer.from(statement), APPROVAL_NAMESPACE);
    const approval = { statement, signature };
    const blob = await pipe(
      'git',
      ['-C', repository.folder, 'hash-object', '-w', '--stdin'],
      approvalText(approval),
    );
    await repository.git('update-ref', `refs/halyard/approvals/${tree}/${approvalId(approval)}`, blob.trim());
  }

  /** Moves the branch back by some commits, and on from there. */
  async rewriteHistory(back: number): Promise<void> {
    this.#commits = this.#commits.slice(0, -back);
    this.#files.step();
    await this.#commit(undefined);
  }

  async sync(): Promise<string> {
    const { databaseUrl, repository, stateFolder } = this.#around;
    await using sync = new Sync({
      databaseUrl,
      repo: repository.folder,
      branch: this.branch,
      path: this.path,
      stateFolder,
    });
    return await sync.runOnce(AbortSignal.timeout(60_000), 10_000);
  }

  async accept(): Promise<void> {
    const { databaseUrl } = this.#around;
    const at = '2026-01-01T00:00:00Z';
    await acceptHistory({ databaseUrl, project: this.project, commit: this.head, actor: 'ops', at });
  }

  async override(action: 'set' | 'lift', key?: SshKey): Promise<void> {
    const { databaseUrl } = this.#around;
    const place = { flag: 'checkout', environment: 'prod', reason: 'an incident' };
    const request =
      action === 'set' ? { ...place, action, serve: 'on', forMs: 3_600_000 } : { ...place, action };
    const operator = { name: 'ops', ...(key && { keyFile: key.file }) };
    await writeOverride(request, { databaseUrl, project: this.project, operator });
  }

  /** Sometimes a merge, whose other parent brings the same states by another way. */
  async #commit(who: Who): Promise<void> {
    const { repository, keys } = this.#around;
    const tree = await this.#writeTree();
    const [before] = this.#commits.slice(-1);
    this.#made += 1;
    const author = this.#random.pick(['Ann <ann@example.com>', 'Bob <bob@example.com>']);
    const trailer = this.#random.chance(5) ? '\n\nReviewed-by: Ann <ann@example.com>\n' : '\n';
    const base = { tree, author, at: 1_700_000_000 + this.#made };
    const parents = before === undefined ? [] : [before];
    if (before !== undefined && this.#random.chance(8)) {
      parents.push(
        await this.#write(commitBytes({ ...base, parents: [before], message: 'side\n' }), keys.eve),
      );
    }
    const message = `Commit ${this.#made} (#${this.#made})${trailer}`;
    const commit = await this.#write(commitBytes({ ...base, parents, message }), who && keys[who]);
    this.#commits.push(commit);
    await repository.git('update-ref', `refs/heads/${this.branch}`, commit);
  }

  async #write(bytes: Buffer, key: SshKey | undefined): Promise<string> {
    const whole = key ? withHeader(bytes, 'gpgsig', await key.sign(bytes)) : bytes;
    const { folder } = this.#around.repository;
    const id = await pipe('git', ['-C', folder, 'hash-object', '-t', 'commit', '-w', '--stdin'], whole);
    return id.trim();
  }

  /** By fast-import on a branch for that alone, since a work tree would have to be written out. */
  async #writeTree(): Promise<string> {
    const scratch = `refs/scratch/${this.branch}`;
    await this.#fastImport([
      `commit ${scratch}`,
      'committer x <x@example.com> 0 +0000',
      'data 0',
      ...this.#content(),
    ]);
    return this.#around.repository.git('rev-parse', `${scratch}^{tree}`);
  }

  /** For fast-import: the next commit, sometimes a merge. */
  #unsigned(isFirst: boolean): string[] {
    this.#made += 1;
    const time = `${1_700_000_000 + this.#made} +0000`;
    const author = this.#random.pick(['Ann <ann@example.com>', 'Bob <bob@example.com>']);
    const people = [`author ${author} ${time}`, `committer ${author} ${time}`];
    const from = isFirst && this.head !== '' ? [`from ${this.head}`] : [];
    const message = `Commit ${this.#made} (#${this.#made})\n\n${this.#random.chance(5) ? 'Reviewed-by: Ann <ann@example.com>' : 'Why.'}`;
    const data = `data ${Buffer.byteLength(message)}`;
    const commit = [`commit refs/heads/${this.branch}`, ...people, data, message, ...from];
    if (this.head === '' || !isFirst || this.#random.chance(2)) return [...commit, ...this.#content()];
    const side = `refs/scratch/${this.branch}-side`;
    const before = [`commit ${side}`, ...people, data, message, `from ${this.head}`, ...this.#content()];
    return [...before, ...commit, `merge ${side}`, ...this.#content()];
  }

  #content(): string[] {
    const files = this.#files.all(this.path);
    return [
      'deleteall',
      ...files.flatMap(([path, text]) => [
        `M 100644 inline ${path}`,
        `data ${Buffer.byteLength(text)}`,
        text,
      ]),
    ];
  }

  async #fastImport(lines: readonly string[]): Promise<void> {
    await this.#around.repository.pipe(
      ['fast-import', '--quiet', '--force'],
      Buffer.from(`${lines.join('\n')}\n`),
    );
  }
}

/** Bob may do what he likes in dev, and in prod with one approval. */
function policyYaml(ann: string, bob: string, signatures: string): string {
  return `access: 1
people:
  ann: { keys: ["${ann}"], roles: [admin], emails: [ann@example.com] }
  bob: { keys: ["${bob}"], roles: [developer], emails: [bob@example.com] }
signatures: ${signatures}
rules:
  - { role: admin, may: [change, change-access, override] }
  - { role: developer, may: [change], environments: [dev] }
  - { role: developer, may: [change], environments: [prod], approvals: 1 }
`;
}
