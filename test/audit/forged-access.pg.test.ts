// A superuser rewrites who signed, who approved and what the policy said, so that the whole database fits: the repository does not.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { APPROVAL_NAMESPACE, statementText } from '../../src/access/statement.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { signText } from '../../src/git/ssh-signature.ts';
import type { ApprovalStatement } from '../../src/model/evidence.ts';
import { flagYaml, PROJECT, PROJECT_YAML, SyncProject } from '../support/sync-project.ts';
import { Team } from '../support/team.ts';
import { withoutGuards } from '../support/without-guards.ts';
import { edited, type Forged, rewrite } from './superuser.ts';

/** The entries that are forged, by what their commits are. */
const [APPROVED, UNSIGNED] = [2, 3];

let team: Team;
let base: SyncProject;
let head: string;

beforeAll(async () => {
  team = await Team.create();
  base = await SyncProject.create();
  const { repository } = base;
  await repository.commit('import', {
    'flags/project.yaml': PROJECT_YAML,
    'flags/access.yaml': team.policy(),
    'flags/payments/pay.yaml': flagYaml('pay'),
  });
  await base.sync();
  await team.commit(repository, 'bob', 'to 20', { 'flags/payments/pay.yaml': flagYaml('pay', 20) });
  await team.approve(repository, 'carol');
  head = await team.commit(repository, undefined, 'a comment', {
    'flags/payments/pay.yaml': flagYaml('pay', 20, '# why'),
  });
  expect((await base.sync()).events).toMatchObject([{ type: 'applied' }, { type: 'rejected' }]);
});

afterAll(async () => {
  await base[Symbol.asyncDispose]();
  await team[Symbol.asyncDispose]();
});

const applied = { action: 'commit.applied', problems: [] };
const isApplied = 'action is "commit.applied", expected "commit.rejected"';

/** As an approver would, about whatever is given. */
async function signedStatement(given: object): Promise<{ statement: string; signature: string }> {
  const expires = '2100-01-01T00:00:00Z';
  const whole = { v: 1, project: PROJECT, environments: ['prod'], expires, tree: 'b'.repeat(40), ...given };
  const statement = statementText(whole as ApprovalStatement);
  const { signature } = await signText(
    { text: statement, namespace: APPROVAL_NAMESPACE },
    team.keys.carol.file,
  );
  return { statement, signature };
}

test.each<[string, number, string, (content: Forged) => unknown]>([
  ['a refused commit that is said to be applied', UNSIGNED, isApplied, (c) => Object.assign(c, applied)],
  [
    'an unsigned commit that is said to be signed',
    UNSIGNED,
    isApplied,
    (c) => {
      const { fingerprint } = team.keys.alice;
      Object.assign(c, applied, { signature: { status: 'valid', fingerprint, person: 'alice' } });
    },
  ],
  [
    'another signer of a commit',
    APPROVED,
    'signature.fingerprint is',
    (c) => Object.assign(c.signature, { fingerprint: team.keys.alice.fingerprint, person: 'alice' }),
  ],
  ['an approval that is gone', APPROVED, isApplied, (c) => Object.assign(c, { evidence: [] })],
  [
    'an approval that nobody signed',
    APPROVED,
    isApplied,
    (c) => Object.assign(c.evidence[0], { signature: c.evidence[0].signature.replace('\n', '\nAAAA') }),
  ],
  [
    'an approval of another person',
    APPROVED,
    'evidence[0].signed.fingerprint is',
    (c) => {
      const { fingerprint } = team.keys.alice;
      Object.assign(c.evidence[0].signed, { fingerprint, person: 'alice' });
    },
  ],
  [
    'an approval of another tree',
    APPROVED,
    isApplied,
    async (c) => Object.assign(c.evidence[0], await signedStatement({})),
  ],
  [
    'an approval for another environment',
    APPROVED,
    isApplied,
    async (c) => {
      const { tree } = JSON.parse(c.evidence[0].statement);
      Object.assign(c.evidence[0], await signedStatement({ tree, environments: ['dev'] }));
    },
  ],
])('%s', async (_what, entry, says, forge) => {
  await using project = await SyncProject.copyOf(base, head);
  const stored = JSON.parse(JSON.stringify((await project.entries())[entry - 1]));
  await forge(stored);
  await withTransaction(project.pool, {}, (owner) =>
    withoutGuards(owner, () =>
      rewrite(
        owner,
        entry,
        edited((content) => Object.assign(content, stored)),
      ),
    ),
  );
  expect((await verifyAudit(project.pool)).break, 'the database by itself fits').toBeUndefined();
  const { repository, stateFolder, pool } = project;
  const { break: found } = await verifyAudit(pool, { repository: { repo: repository.folder, stateFolder } });
  expect(found).toMatchObject({ kind: 'diverged-from-git', entry });
  expect(found?.message).toContain(says);
});
