// What `audit verify --repo` derives again, each with the tests that turn red without it.
import type { Pair } from './pair.ts';

const REWRITES = 'test/audit/tampering-suite.pg.test.ts';
const FORGED = 'test/audit/forged-access.pg.test.ts';
const OVERRIDES = 'test/sync/override/derived.pg.test.ts';
const ENTRY = 'src/audit/derive/commit-entry.ts';
const OPERATOR = 'src/audit/derive/operator-entry.ts';

export const DERIVE_PAIRS: readonly Pair[] = [
  {
    check: 'the commit is as git has it',
    file: ENTRY,
    edits: [
      [
        '...identityOf(facts.commit),',
        '...identityOf({ ...facts.commit, ...stored, id: stored.commit } as unknown as Commit),',
      ],
    ],
    tests: [[REWRITES, 'another author', 'another tree', 'another subject']],
  },
  {
    check: 'the commit is in the repository, and is the one to be judged next',
    file: 'src/audit/derive/commit-derivation.ts',
    edits: [['if (fault !== undefined) return { fault };', '']],
    tests: [
      [REWRITES, 'a later commit', 'two rejected commits in another order', 'a commit that was judged twice'],
    ],
  },
  {
    check: 'rejected commits are carried',
    file: ENTRY,
    edits: [
      [
        'carries: carriesNothing ? [] : state.rejected.filter((commit) => commit !== facts.commit.id),',
        'carries: stored.carries,',
      ],
    ],
    tests: [[REWRITES, 'a rejected commit that is carried no more']],
  },
  {
    check: 'the changes are those between what is applied and what the commit has',
    file: ENTRY,
    edits: [
      [
        'const { changes, isPartly } = withoutGaps(listed, stored.changes);',
        'const { changes, isPartly } = { ...withoutGaps(listed, stored.changes), changes: stored.changes };',
      ],
    ],
    tests: [[REWRITES, 'a patch that tells a tale', 'a served flag that nobody committed']],
  },
  {
    check: 'problems are those of the definitions',
    file: ENTRY,
    edits: [
      ['const faults = faultsOf(facts, stored.project, state.overrides);', 'const faults = stored.problems;'],
    ],
    tests: [[REWRITES, 'a rejected commit that is said to be applied', 'another reason for a rejection']],
  },
  {
    check: 'the policy is asked whether the commit may be applied',
    file: ENTRY,
    edits: [['faults.length > 0 || !known\n', 'faults.length > 0 || known || !known\n']],
    tests: [[FORGED, 'a refused commit that is said to be applied']],
  },
  {
    check: 'the signature is verified again',
    file: ENTRY,
    edits: [
      [
        'const signature = signatureOf(known?.people, asHolding(facts.verified, stored.signature), commit.author);',
        'const { signature } = stored;',
      ],
    ],
    tests: [
      [REWRITES, 'a signature that nobody made'],
      [FORGED, 'an unsigned commit that is said to be signed'],
    ],
  },
  {
    check: 'approvals that are embedded are verified again',
    file: 'src/audit/derive/evidence.ts',
    edits: [['signed: again,', 'signed,']],
    tests: [[FORGED, 'an approval that nobody signed']],
  },
  {
    check: 'an approval binds its tree',
    file: 'src/audit/derive/verdict.ts',
    edits: [[' && stated.tree === tree && !piece.expired', ' && !piece.expired']],
    tests: [[FORGED, 'an approval of another tree']],
  },
  {
    check: 'trailers are those of the message',
    file: 'src/audit/derive/evidence.ts',
    edits: [
      [
        "const trailers = reviewedBy.map((by): Evidence => ({ kind: 'trailer', by }));",
        "const trailers = reviewedBy.length < 0 ? [] : stored.filter(({ kind }) => kind === 'trailer');",
      ],
    ],
    tests: [[REWRITES, 'a reviewer whom nobody asked']],
  },
  {
    check: 'nothing is accepted that had not diverged',
    file: 'src/audit/derive/commit-derivation.ts',
    edits: [['return isHeld ? {', 'return isHeld && action === undefined ? {']],
    tests: [[REWRITES, 'an operator who says that nothing was lost']],
  },
  {
    check: 'the branch still holds what was judged last',
    file: 'src/audit/derive/commit-derivation.ts',
    edits: [['if (!(await this.#line.holds(base))) {', 'if (base === null) {']],
    tests: [['test/audit/derive.pg.test.ts', 'a branch that lost the commit that was judged last is named']],
  },
  {
    check: 'an override’s seal is verified again',
    file: OPERATOR,
    edits: [
      [
        'const signature = signatureOf(people, verified);',
        'const { signature } = verified.status === null ? { signature: {} } as never : stored;',
      ],
    ],
    tests: [[OVERRIDES, 'without a seal, as if there were one', 'for another reason than was signed']],
  },
  {
    check: 'a seal fits one place in the chain',
    file: 'src/audit/override-statement.ts',
    edits: [
      [
        'return canonical({ ...chosen, previousHash });',
        'return canonical({ ...chosen, previousHash: previousHash && 0 });',
      ],
    ],
    tests: [
      [
        'test/sync/override/write.pg.test.ts',
        'keeps what it was signed with, which holds for this one place in the chain',
      ],
    ],
  },
  {
    check: 'the policy let its signer override',
    file: OPERATOR,
    edits: [["(policy === 'none' ? undefined : rightFault(policy, content, path))", 'undefined']],
    tests: [[OVERRIDES, 'by someone whom the policy does not let']],
  },
  {
    check: 'an override ends within 24 hours',
    file: OPERATOR,
    edits: [['return lastsMs > 0 && lastsMs <= LONGEST_OVERRIDE_MS ?', 'return lastsMs > 0 ?']],
    tests: [[OVERRIDES, 'for more than a day']],
  },
];
