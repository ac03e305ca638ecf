// The checks of signatures and of the policy's rules, each with the tests that turn red without it.
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

export const ACCESS_PAIRS: readonly Pair[] = [...SIGNATURES, ...RULES];
