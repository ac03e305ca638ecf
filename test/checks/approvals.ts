// The checks of approvals and of what goes past git, each with the tests that turn red without it.
import type { Pair } from './pair.ts';

const AUTHORIZE = 'test/access/authorize.test.ts';
const APPROVALS = 'test/access/approvals.test.ts';

const APPROVAL: Pair[] = [
  {
    check: 'as many approvals as the rule asks for',
    file: 'src/access/authorize.ts',
    edits: [['if (given.length >= needed) return undefined;', 'return undefined;']],
    tests: [
      [AUTHORIZE, 'has none', 'has one of two'],
      ['test/sync/approval.pg.test.ts', 'has an entry for each approval that counts, and none for any other'],
    ],
  },
  {
    check: 'each person’s approval counts once',
    file: 'src/access/authorize.ts',
    edits: [['new Set(here.map(({ person }) => person))', 'here.map(({ person }) => person)']],
    tests: [[AUTHORIZE, 'has one twice']],
  },
  {
    check: 'the author’s approval does not count',
    file: 'src/access/authorize.ts',
    edits: [['person !== signer && person !== author', 'person !== signer']],
    tests: [
      [AUTHORIZE, 'has the author’s'],
      ['test/sync/approval.pg.test.ts', 'by the author does not count, whoever signed'],
    ],
  },
  {
    check: 'the signer’s approval does not count',
    file: 'src/access/authorize.ts',
    edits: [['person !== signer && person !== author', 'person !== author']],
    tests: [[AUTHORIZE, 'the signer’s own approval helps nobody else who answers for the change']],
  },
  {
    check: 'an approver must be allowed to make the change',
    file: 'src/access/authorize.ts',
    edits: [
      ['return [...people].filter((person) => this.#policy.ruleFor(person, touch));', 'return [...people];'],
    ],
    tests: [[AUTHORIZE, 'has one of a person who may not make it', 'has one of somebody who is nobody']],
  },
  {
    check: 'an approval counts only in the environments that it names',
    file: 'src/access/authorize.ts',
    edits: [['({ environments }) => environments?.includes(touch.environment) ?? true', '() => true']],
    tests: [[AUTHORIZE, 'has one for another environment']],
  },
  {
    check: 'an approval binds one tree',
    file: 'src/access/approvals.ts',
    edits: [[' || stated.tree !== tree', '']],
    tests: [[APPROVALS, 'counts for nothing for another tree']],
  },
  {
    check: 'approvals are looked for under the tree that is judged',
    file: 'src/sync/evidence/gather.ts',
    edits: [['mirror.approvalsOf(question.tree, signal)', "mirror.approvalsOf('0'.repeat(40), signal)"]],
    tests: [
      ['test/sync/approval.pg.test.ts', 'with an approval that was given before is applied at first sight'],
    ],
  },
  {
    check: 'an approval binds one project',
    file: 'src/access/approvals.ts',
    edits: [['stated?.project !== project || ', 'stated === undefined || ']],
    tests: [[APPROVALS, 'counts for nothing for another project']],
  },
  {
    check: 'an approval is for one change',
    file: 'src/sync/evidence/unused.ts',
    edits: [["piece.kind !== 'approval' || !used.has(nameOf(piece))", 'used']],
    tests: [
      [
        'test/sync/approval.pg.test.ts',
        'an approval is for one change: who goes back to what was approved once asks again',
      ],
    ],
  },
  {
    check: 'approvals that count for nothing hide none that counts',
    file: 'src/sync/access.ts',
    edits: [['policy ? worthKeeping(policy, pieces, subject) : pieces', 'pieces']],
    tests: [['test/sync/judge.test.ts', 'is not crowded out by those of %s, which cannot fill the audit']],
  },
  {
    check: 'an approval expires',
    file: 'src/access/approvals.ts',
    edits: [['signed.vouched || expired ||', 'signed.vouched ||']],
    tests: [
      [APPROVALS, 'counts for nothing once it has expired'],
      [
        'test/sync/approval.pg.test.ts',
        'that had expired when it was first seen counts for nothing, and writes no entry',
      ],
    ],
  },
  {
    check: 'whether an approval has expired is asked of the clock',
    file: 'src/sync/evidence/approvals.ts',
    edits: [['const isOver = Date.parse(expires) <= nowMs;', 'const isOver = false;']],
    tests: [
      [
        'test/sync/approval.pg.test.ts',
        'that had expired when it was first seen counts for nothing, and writes no entry',
      ],
    ],
  },
  {
    check: 'an approval’s signature must be of its text',
    file: 'src/git/ssh-signature.ts',
    edits: [['const holds = exitCode === 0 && ', 'const holds = true || ']],
    tests: [
      ['test/git/ssh-signature.test.ts', 'a signature is invalid'],
      [
        'test/sync/evidence/gather.test.ts',
        'whose signature is of another text, for another purpose, or none',
      ],
    ],
  },
  {
    check: 'a key that vouches for others approves nothing',
    file: 'src/access/approvals.ts',
    edits: [['signed.vouched || expired ||', 'expired ||']],
    tests: [[APPROVALS, 'counts for nothing by a key that is said to vouch']],
  },
  {
    check: 'a forge’s review binds the tree that was reviewed',
    file: 'src/access/approvals.ts',
    edits: [['if (tree !== subject.tree) return undefined;', '']],
    tests: [[APPROVALS, 'counts for nothing of another tree']],
  },
  {
    check: 'trailers count only where the policy trusts them',
    file: 'src/access/approvals.ts',
    edits: [["policy.body.trailers === 'trusted' ?", 'policy ?']],
    tests: [[APPROVALS, 'counts for nothing where the policy does not speak of them']],
  },
];

const HISTORY_AND_OVERRIDES: Pair[] = [
  {
    check: 'PostgreSQL must not forget what it has confirmed',
    file: 'src/db/durability.ts',
    edits: [['if (rows.length === 0) return;', 'if (rows.length >= 0) return;']],
    tests: [['test/sync/loop.pg.test.ts', 'refuses a PostgreSQL that does not keep what it confirms']],
  },
  {
    check: 'a branch that no longer holds what was judged last halts sync',
    file: 'src/sync/project-sync.ts',
    edits: [['if (!(await branch.holds(base.commit, head, signal))) return undefined;', '']],
    tests: [['test/sync/history.pg.test.ts', 'sync halts, with one entry, and applies nothing']],
  },
  {
    check: 'an override needs the right to it',
    file: 'src/sync/override/seal.ts',
    edits: [['if (refusal !== undefined) throw new OverrideRefusedError(refusal);', '']],
    tests: [['test/sync/override/refused.pg.test.ts', 'an override %s is refused']],
  },
  {
    check: 'whoever would need an approval may not override alone',
    file: 'src/access/override.ts',
    edits: [['if (decides && isAlone(decides.rule)) return undefined;', 'if (decides) return undefined;']],
    tests: [
      [
        'test/sync/override/refused.pg.test.ts',
        'by someone who would need an approval, whatever a later rule says',
      ],
    ],
  },
  {
    check: 'an override lasts 24 hours at most',
    file: 'src/sync/override/content.ts',
    edits: [
      [
        'request.forMs >= SHORTEST_MS && request.forMs <= LONGEST_OVERRIDE_MS',
        'request.forMs >= SHORTEST_MS',
      ],
    ],
    tests: [['test/sync/override/write.pg.test.ts', 'a day and a second']],
  },
];

export const APPROVAL_PAIRS: readonly Pair[] = [...APPROVAL, ...HISTORY_AND_OVERRIDES];
