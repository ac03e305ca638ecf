// Whether a commit may do what it does, by the applied policy, its signature and its approvals: its refusals. Pure.

import { canonical } from '../../lib/json.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { AccessDefinition } from '../../model/definitions.gen.ts';
import type { ApprovalStatement, Evidence, Signature } from '../../model/evidence.ts';
import type { EntryProblem } from '../content.ts';
import { ownerOf, type People, personNamed, personWithLogin } from './people.ts';
import { type Permission, permissionsOf, type Touch } from './permissions.ts';

/** More are not listed. */
const MOST_REFUSALS = 100;

export interface Case {
  policy: AccessDefinition;
  people: People;
  touches: readonly Touch[];
  signature: Signature;
  /** The commit's author, `Name <mail>`. */
  author: string;
  evidence: readonly Evidence[];
  project: string;
  /** The tree of the definitions' folder. */
  tree: string;
}

/** Without `environments` in all of them. */
interface Approval {
  person: string;
  environments?: readonly string[];
}

/** The refusals as the audit lists them: one for each file and code. */
export function refusalsOf(question: Case): EntryProblem[] {
  const { policy, signature, touches } = question;
  if (policy.signatures !== 'recorded' && signature.status !== 'valid') {
    const code = SIGNATURE_CODES[signature.status] ?? `signature-${signature.status}`;
    return [{ code, file: 'access.yaml', line: 1, column: 1 }];
  }
  const signer = signature.status === 'valid' ? signature.person : undefined;
  const author = personNamed(question.people, question.author);
  const approvals = approvalsIn(question).filter(({ person }) => person !== signer && person !== author);
  const people = new Set([
    ...(signer === undefined ? [] : [signer]),
    ...approvals.map(({ person }) => person),
  ]);
  const table = permissionsOf(policy, touches, [...people]);
  const refused = new Map<string, EntryProblem>();
  for (const [column, { path, environment }] of touches.entries()) {
    const code = refusal(column, environment, { table, signer, approvals });
    if (code !== undefined) refused.set(`${path}\0${code}`, { code, file: path, line: 1, column: 1 });
  }
  return [...refused]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MOST_REFUSALS)
    .map(([, problem]) => problem);
}

const SIGNATURE_CODES: Partial<Record<Signature['status'], string>> = {
  unsigned: 'signature-missing',
  unverified: 'signature-missing',
};

interface Known {
  table: ReadonlyMap<string, readonly Permission[]>;
  signer: string | undefined;
  approvals: readonly Approval[];
}

/** Someone who may do it answers for it, the signer or one who approved, with as many approvals of others as it takes. */
function refusal(
  column: number,
  environment: string,
  { table, signer, approvals }: Known,
): string | undefined {
  const mayDo = (person: string) => table.get(person)?.[column];
  const approvers = new Set(
    approvals
      .filter(({ environments }) => environments === undefined || environments.includes(environment))
      .map(({ person }) => person)
      .filter((person) => mayDo(person) !== undefined),
  );
  const answerable = signer === undefined ? approvers : new Set([signer, ...approvers]);
  let couldAnswer = false;
  for (const person of answerable) {
    const needed = mayDo(person);
    if (needed === undefined) continue;
    couldAnswer = true;
    const others = approvers.has(person) ? approvers.size - 1 : approvers.size;
    if (others >= needed) return undefined;
  }
  return couldAnswer ? 'approval-missing' : 'access-denied';
}

/** The evidence that counts. */
function approvalsIn(question: Case): Approval[] {
  return question.evidence.flatMap((piece) => approvalBy(piece, question) ?? []);
}

function approvalBy(piece: Evidence, { policy, people, project, tree }: Case): Approval | undefined {
  switch (piece.kind) {
    case 'approval': {
      const { status, vouched, fingerprint = '' } = piece.signed;
      const person = status === 'valid' && !vouched ? ownerOf(people.keys, fingerprint) : undefined;
      const stated = statementIn(piece.statement);
      const isForThis = stated?.project === project && stated.tree === tree && !piece.expired;
      return person !== undefined && isForThis ? { person, environments: stated.environments } : undefined;
    }
    case 'trailer':
      return policy.trailers === 'trusted' ? madeBy(personNamed(people, piece.by)) : undefined;
    case 'github-review':
    case 'gitlab-approval':
      return piece.tree === tree ? madeBy(personWithLogin(people, piece.kind, piece.reviewer)) : undefined;
    default:
      return unreachable(piece);
  }
}

function madeBy(person: string | undefined): Approval | undefined {
  return person === undefined ? undefined : { person };
}

/** What an approval states, in the one text that states it; undefined for any other text. */
export function statementIn(text: string): ApprovalStatement | undefined {
  try {
    const { v, project, tree, environments, expires } = JSON.parse(text) as ApprovalStatement;
    const isCanonical = canonical({ v, project, tree, environments, expires }) === text;
    const isWellMade = v === 1 && isList(environments) && [project, tree, expires].every(isName);
    return isCanonical && isWellMade ? { v, project, tree, environments, expires } : undefined;
  } catch {
    return undefined;
  }
}

/** Names, each once and sorted. */
function isList(names: readonly unknown[]): boolean {
  return (
    names.length > 0 &&
    names.every((name, at) => isName(name) && (at === 0 || name > (names[at - 1] as string)))
  );
}

function isName(text: unknown): text is string {
  return typeof text === 'string' && text !== '';
}
