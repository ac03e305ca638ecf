// Refusals as problems: which rule, what was missing, and who could approve. Pure.
import type { Signature } from '../model/evidence.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import type { Refusal } from './authorize.ts';
import type { Policy } from './policy.ts';
import { countedApprovals, deed, listed, MOST_NAMES } from './words.ts';

/** More are not worth listing: the first ones, by file and code, are kept. */
export const MOST_REFUSALS = 100;
/** More sentences about one file say nothing new. */
const MOST_SENTENCES = 3;

type TouchRefusal = Exclude<Refusal, { type: 'signature' }>;

/**
 * One problem for each file and code, naming the environments; sorted by file, then code; at most MOST_REFUSALS.
 * The codes: `access-denied`, `approval-missing`, and for the signature, in access.yaml: `signature-missing` (unsigned),
 * `signature-unknown-key`, `signature-revoked`, `signature-expired`, `signature-invalid`. All at line 1, column 1.
 */
export function refusalProblems(refusals: readonly Refusal[], policy: Policy): Problem[] {
  const problems: Problem[] = [];
  const byFile = new Map<string, TouchRefusal[]>();
  for (const refusal of refusals) {
    if (refusal.type === 'signature') problems.push(signatureProblem(refusal));
    else {
      const id = `${refusal.touch.path}\0${refusal.type}`;
      byFile.set(id, [...(byFile.get(id) ?? []), refusal]);
    }
  }
  for (const ofFile of byFile.values()) problems.push(touchProblem(ofFile, policy));
  return problems
    .sort((a, b) => compareText(a.file, b.file) || compareText(a.code, b.code))
    .slice(0, MOST_REFUSALS);
}

function problem(file: string, code: ProblemCode, message: string, hint: string): Problem {
  return { file, line: 1, column: 1, code, severity: 'error', message, hint };
}

/** A commit that sync has judged is not to be rewritten: it would halt at that. */
const SIGN_THIS_ONE =
  '`git commit --amend --no-edit -S` while it is yours alone; once it is pushed, `git commit --allow-empty -S` on top of it, which answers for it';
const HOW_TO_SIGN = `Sign commits with your key: \`git config gpg.format ssh\`, \`git config user.signingKey ~/.ssh/id_ed25519.pub\`, \`git config commit.gpgSign true\`. This one: ${SIGN_THIS_ONE}.`;

/** By what became of the signature: the code, what follows "The commit", and what to do. */
const SIGNATURES: Readonly<Record<Exclude<Signature['status'], 'valid'>, [ProblemCode, string, string]>> = {
  unsigned: ['signature-missing', 'is not signed, and access.yaml requires it', HOW_TO_SIGN],
  unverified: [
    'signature-missing',
    'has no signature that was verified, and access.yaml requires it',
    HOW_TO_SIGN,
  ],
  'unknown-key': [
    'signature-unknown-key',
    'is signed with a key that access.yaml gives to nobody',
    'Sign with a key of yours that access.yaml has, or have someone who may change access.yaml add this one.',
  ],
  revoked: [
    'signature-revoked',
    'is signed with a key that access.yaml has revoked',
    'Sign it again with another key of yours that access.yaml has.',
  ],
  expired: [
    'signature-expired',
    'is signed with a key or a signature whose time was over',
    'Renew the key, replace it under `openpgp` in access.yaml, and sign the commit again.',
  ],
  invalid: [
    'signature-invalid',
    'has a signature that does not hold: what was signed is not what it says now',
    `Sign it again: ${SIGN_THIS_ONE}. If you did not change it, somebody else did.`,
  ],
};

function signatureProblem({ status, fingerprint }: Extract<Refusal, { type: 'signature' }>): Problem {
  const [code, words, hint] = SIGNATURES[status];
  const key = fingerprint === undefined ? '' : ` (${fingerprint})`;
  return problem('access.yaml', code, `The commit ${words}${key}.`, hint);
}

/** The refusals are of one file and one type, and not none. */
function touchProblem(refusals: readonly TouchRefusal[], policy: Policy): Problem {
  const groups = new Map<string, TouchRefusal[]>();
  for (const refusal of refusals) {
    const { touch, ...reason } = refusal;
    const id = JSON.stringify([touch.action, reason]);
    groups.set(id, [...(groups.get(id) ?? []), refusal]);
  }
  const shown = [...groups.values()].slice(0, MOST_SENTENCES);
  const more = groups.size - shown.length;
  const sentences = shown.map((group) => sentence(group, policy));
  if (more > 0) sentences.push(`There are ${more} more reasons like these.`);
  const [first] = refusals as [TouchRefusal];
  const code = first.type === 'denied' ? 'access-denied' : 'approval-missing';
  return problem(first.touch.path, code, sentences.join(' '), hintFor(refusals));
}

/** The refusals differ in their environments alone. */
function sentence(refusals: readonly TouchRefusal[], policy: Policy): string {
  const [first] = refusals as [TouchRefusal];
  const what = deed(first.touch.action, environmentsOf(refusals));
  if (first.type === 'approvals') {
    const role = policy.body.rules[first.rule - 1]?.role ?? '';
    const given = first.given.length === 0 ? 'there is none' : `only ${listed(first.given, 'and')} approved`;
    return `Rule ${first.rule} (${role}) lets ${first.person} ${what} with ${countedApprovals(first.needed)}: ${given}.`;
  }
  const who =
    first.person === undefined
      ? 'Nobody known signed the commit, and nobody approved it who may'
      : `No rule lets ${first.person}, who signed the commit,`;
  return `${who} ${what}.`;
}

function hintFor(refusals: readonly TouchRefusal[]): string {
  const candidates = refusals.map(({ couldApprove }) => couldApprove);
  const [first = []] = candidates;
  const inAll = first.filter((person) => candidates.every((people) => people.includes(person)));
  const people = inAll.length > 0 ? inAll : [...new Set(candidates.flat())];
  if (people.length === 0)
    return 'Nobody else may approve it: people or rules of access.yaml would have to change first.';
  const environments = environmentsOf(refusals);
  const options = environments.slice(0, MOST_NAMES).map((name) => `--environment ${name}`);
  if (environments.length > MOST_NAMES) options.push('…');
  return `Ask ${listed(people, 'or')} to approve: \`halyard approve <commit> ${options.join(' ')}\`.`;
}

function environmentsOf(refusals: readonly TouchRefusal[]): string[] {
  return [...new Set(refusals.map(({ touch }) => touch.environment))];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
