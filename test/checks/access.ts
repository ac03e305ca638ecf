// The checks that stand between a commit and what is applied, each with the tests that turn red without it.
import type { Pair } from './pair.ts';

const AUTHORIZE = 'test/access/authorize.test.ts';
const APPROVALS = 'test/access/approvals.test.ts';
const TOUCH = 'test/access/touch.test.ts';
const ACCESS = 'test/sync/access.pg.test.ts';
const REFUSED = 'that is %s is refused, and nothing is applied';

const SIGNATURES: Pair[] = [
  {
    check: 'a commit without a valid signature is refused',
    file: 'src/access/authorize.ts',
    edits: [["policy.requiresSignatures && status !== 'valid'", 'false']],
    tests: [
      [AUTHORIZE, 'a signature that is %s is refused before anything else is looked at, whoever approves'],
      [ACCESS, REFUSED],
    ],
  },
  {
    check: 'a signature must be of this very commit',
    file: 'src/git/signatures.ts',
    edits: [
      [
        "return holds ? { status: 'holds', fingerprint: key } : { status: 'invalid' };",
        "return { status: 'holds', fingerprint: signature.fingerprint };",
      ],
    ],
    tests: [
      ['test/git/signatures.test.ts', 'that gives a signed commit %s is invalid'],
      [ACCESS, 'of a tampered commit does not hold'],
    ],
  },
  {
    check: 'the key must be one that the policy knows',
    file: 'src/access/identity.ts',
    edits: [['if (!policy?.isTrusted(fingerprint) || author === undefined)', 'if (author === undefined)']],
    tests: [
      ['test/access/identity.test.ts', 'without a policy, %s is nobody’s'],
      [ACCESS, REFUSED],
    ],
  },
  {
    check: 'a revoked key is worth nothing',
    file: 'src/access/policy.ts',
    edits: [['return this.#revoked.has(fingerprint);', 'return false;']],
    tests: [
      ['test/access/identity.test.ts', 'a trusted key that is revoked'],
      [APPROVALS, 'counts for nothing by a revoked key'],
      [ACCESS, REFUSED],
    ],
  },
  {
    check: 'a key that vouches makes nobody of those whose address the policy does not hold',
    file: 'src/access/identity.ts',
    edits: [
      [
        'const person = policy.personOfIdentity(author);',
        "const person = author.replace(/ <.*/, '').toLowerCase();",
      ],
    ],
    tests: [
      ['test/access/identity.test.ts', 'a trusted key, for a stranger'],
      [ACCESS, 'of a key that vouches makes the author the signer, if the policy knows the author'],
    ],
  },
  {
    check: 'objects that replace others are not looked at',
    file: 'src/git/environment.ts',
    edits: [["    GIT_NO_REPLACE_OBJECTS: '1',\n", '']],
    tests: [['test/git/signatures.test.ts', 'by a replaced object is not seen']],
  },
];

const RULES: Pair[] = [
  {
    check: 'what no rule allows is refused',
    file: 'src/access/authorize.ts',
    edits: [
      [
        `    const person = this.#signer;
    return {
      type: 'denied',`,
        `    const person = this.#signer;
    if (person !== undefined) return undefined;
    return {
      type: 'denied',`,
      ],
    ],
    tests: [
      [AUTHORIZE, 'is denied, and told who could approve it'],
      [ACCESS, 'that deletes a flag is judged by its old path'],
    ],
  },
  {
    check: 'the first rule that fits decides, also where a later one is laxer',
    file: 'src/access/policy.ts',
    edits: [['if (!byRole.has(rule.role)) byRole.set', 'byRole.set']],
    tests: [['test/access/policy.test.ts', 'where a later one is laxer']],
  },
  {
    check: 'a rule for some environments allows nothing in others',
    file: 'src/access/policy.ts',
    edits: [
      [
        'rule.may.includes(action) && (rule.environments?.includes(environment) ?? true)',
        'rule.may.includes(action)',
      ],
    ],
    tests: [[ACCESS, 'that deletes a flag is judged by its old path']],
  },
  {
    check: 'a rule for some paths allows nothing elsewhere',
    file: 'src/access/policy.ts',
    edits: [['patterns?.some((fits) => fits(path)) ?? true', 'path !== undefined']],
    tests: [[ACCESS, 'that moves a file needs the right to both paths']],
  },
  {
    check: 'a change of the policy needs the right to change the policy',
    file: 'src/access/touch.ts',
    edits: [["kind === 'access' ? 'change-access' : 'change'", "'change'"]],
    tests: [[TOUCH, 'the access policy, as it comes', 'the access policy, as it goes']],
  },
  {
    check: 'a move is judged by both paths',
    file: 'src/access/touch.ts',
    edits: [['return [...new Set(paths)];', 'return paths.slice(-1);']],
    tests: [
      [TOUCH, 'a move beside a change in one environment, which counts for all'],
      [ACCESS, 'that moves a file needs the right to both paths'],
    ],
  },
  {
    check: 'what changes no environment’s row counts for all environments',
    file: 'src/access/touch.ts',
    edits: [['of changed ?? environments', 'of changed ?? []']],
    tests: [[TOUCH, 'words that no row of an environment has', 'a segment that nothing uses']],
  },
  {
    check: 'the policy that decides is the applied one, not the commit’s own',
    file: 'src/sync/access.ts',
    edits: [
      ['import type { Policy } from', 'import { type Policy, policyIn } from'],
      ['{ project, policy, rows }:', '{ project, policy: applied, rows }:'],
      [
        'const { commit } = judgement;',
        "const { commit } = judgement;\n  const policy = applied && judgement.type === 'applied' ? policyIn(judgement.definitions) : applied;",
      ],
    ],
    tests: [[ACCESS, 'that decides is the one that is applied, never the commit’s own']],
  },
  {
    check: 'a new policy decides from the next commit on',
    file: 'src/sync/record.ts',
    edits: [['return change.after && new Policy(change.after.body as AccessDefinition);', 'return before;']],
    tests: [[ACCESS, 'decides from the next commit on, in the same trip too']],
  },
  {
    check: 'a commit answers for what refused commits under it brought',
    file: 'src/sync/access.ts',
    edits: [
      [
        'touchesOf(judgement.changes,',
        'touchesOf(judgement.changes.filter((change) => isOwn(change, commit.id)),',
      ],
      [
        '/** Those whose approval counts somewhere',
        `const first = new Map<string, string>();
function isOwn({ before, after }: { before?: Row; after?: Row }, commit: string): boolean {
  const change = JSON.stringify([before?.digest, after?.digest, (after ?? before)?.key, (after ?? before)?.environment]);
  if (!first.has(change)) first.set(change, commit);
  return first.get(change) === commit;
}

/** Those whose approval counts somewhere`,
      ],
    ],
    tests: [
      [ACCESS, 'answers for all that the refused one brought: it smuggles nothing in, and who may, mends it'],
    ],
  },
  {
    check: 'who merges something else does not answer for what was refused',
    file: 'src/sync/rejudge.ts',
    edits: [['return isEmpty || id === rejected.commit || isAcceptedHead(id, head);', 'return true;']],
    tests: [
      [
        ACCESS,
        'and with its definitions answers for nothing unless it is empty: who merges something else has not looked at it',
      ],
    ],
  },
  {
    check: 'an entry carries the refused commits under it',
    file: 'src/sync/entry.ts',
    edits: [['place.carries.filter((carried) => carried !== commit.id)', '[]']],
    tests: [
      [ACCESS, 'answers for all that the refused one brought: it smuggles nothing in, and who may, mends it'],
      ['test/sync/trip.pg.test.ts', 'that mend rejected ones carry those and bring all their changes, %s'],
    ],
  },
];

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
    check: 'a pull request’s reviews are for the very commit that it was merged as',
    file: 'src/sync/evidence/github.ts',
    edits: [[" || memberOf(pull, 'merge_commit_sha') !== commit", '']],
    tests: [['test/sync/forge/github.test.ts', 'was merged as another commit']],
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

export const ACCESS_PAIRS: readonly Pair[] = [...SIGNATURES, ...RULES, ...APPROVAL, ...HISTORY_AND_OVERRIDES];
