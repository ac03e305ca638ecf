// People with keys made on the spot, a policy that names them, and what they do: signed commits and approvals.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { APPROVAL_NAMESPACE, approvalId, approvalText, statementText } from '../../src/access/statement.ts';
import { approvalRefName } from '../../src/git/approval-refs.ts';
import { signText } from '../../src/git/ssh-signature.ts';
import type { ApprovalStatement } from '../../src/model/evidence.ts';
import { type CommitOptions, type FileEdits, type GitRepository, temporaryFolder } from './git-repository.ts';
import { makeSshKey, type SshKey } from './signing.ts';
import { PROJECT } from './sync-project.ts';

/** `mallory` is nobody of the policy; `forge` vouches for authors; `lost` was bob's and is revoked. */
const NAMES = ['alice', 'bob', 'carol', 'vera', 'forge', 'lost', 'mallory'] as const;
export type Name = (typeof NAMES)[number];

/** `Name <name@example.com>`. */
export function mailOf(name: Name): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)} <${name}@example.com>`;
}

export class Team implements AsyncDisposable {
  readonly keys: Readonly<Record<Name, SshKey>>;
  readonly #folder: string;

  private constructor(folder: string, keys: Record<Name, SshKey>) {
    this.#folder = folder;
    this.keys = keys;
  }

  static async create(): Promise<Team> {
    const folder = await temporaryFolder('halyard-team-');
    const made = await Promise.all(
      NAMES.map(async (name) => [name, await makeSshKey(folder, name)] as const),
    );
    return new Team(folder, Object.fromEntries(made) as Record<Name, SshKey>);
  }

  /**
   * alice may do everything; bob and carol change dev, and in prod what lies in `payments/` with one approval, and in
   * `vault/` with two; vera may nothing.
   */
  policy({ signatures = 'required', admins = ['alice'] as Name[] } = {}): string {
    const person = (name: Name, role: string, keys: Name[] = [name]): string =>
      `  ${name}: { keys: [${keys.map((key) => this.keys[key].fingerprint).join(', ')}], roles: [${
        admins.includes(name) ? 'admin' : role
      }], emails: [${name}@example.com] }`;
    return `access: 1
people:
${person('alice', 'admin')}
${person('bob', 'developer', ['bob', 'lost'])}
${person('carol', 'developer')}
${person('vera', 'viewer')}
signatures: ${signatures}
trust:
  - { key: "${this.keys.forge.fingerprint}", vouches: author }
revoked: ["${this.keys.lost.fingerprint}"]
rules:
  - { role: admin, may: [change, change-access, override] }
  - { role: developer, may: [change], environments: [dev] }
  - { role: developer, may: [change], environments: [prod], paths: ["payments/**"], approvals: 1 }
  - { role: developer, may: [change], environments: [prod], paths: ["vault/**"], approvals: 2 }
`;
  }

  /** Commits edits of the work tree, signed by the name, unless that is undefined. Returns the commit's id. */
  async commit(
    repository: GitRepository,
    signer: Name | undefined,
    subject: string,
    edits: FileEdits = {},
    { author, trailer }: CommitOptions & { trailer?: string } = {},
  ): Promise<string> {
    for (const [path, content] of Object.entries(edits)) await repository.edit(path, content);
    await repository.git('add', '--all');
    await repository.git(
      ...this.signing(signer),
      'commit',
      '--quiet',
      '--allow-empty',
      '--no-verify',
      `--author=${author ?? mailOf(signer ?? 'mallory')}`,
      '-m',
      subject,
      ...(trailer === undefined ? [] : ['-m', trailer]),
    );
    return repository.head();
  }

  /** What `git` is told before a command that makes commits. */
  signing(signer: Name | undefined): string[] {
    if (signer === undefined) return ['-c', 'commit.gpgSign=false'];
    const key = `user.signingKey=${this.keys[signer].file}`;
    return ['-c', 'gpg.format=ssh', '-c', key, '-c', 'commit.gpgSign=true'];
  }

  /** Approves a tree, by default the definitions of the head, as `halyard approve` does. */
  async approve(
    repository: GitRepository,
    signer: Name,
    given: Partial<ApprovalStatement> = {},
  ): Promise<void> {
    const statement = statementText({
      v: 1,
      project: PROJECT,
      tree: await repository.git('rev-parse', 'HEAD:flags'),
      environments: ['prod'],
      expires: '2100-01-01T00:00:00Z',
      ...given,
    });
    const signed = { text: statement, namespace: APPROVAL_NAMESPACE };
    const { signature } = await signText(signed, this.keys[signer].file);
    const { tree } = JSON.parse(statement) as ApprovalStatement;
    const approval = { statement, signature };
    await putApproval(repository, approvalRefName(tree, approvalId(approval)), approvalText(approval));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Writes a blob and points a ref at it. */
export async function putApproval(repository: GitRepository, ref: string, text: string): Promise<void> {
  const file = join('.git', 'approval');
  await repository.edit(file, text);
  const blob = await repository.git('hash-object', '-w', '--no-filters', file);
  await repository.git('update-ref', ref, blob);
}
