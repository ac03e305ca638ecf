// Verifies signatures of commits through git itself, which asks ssh-keygen and gpg; with keys that are given, and none of the machine's.
import assert from 'node:assert';
import { type ReadSignature, readArmor } from './armor.ts';
import { GitError } from './command.ts';
import { type Finding, findingsOfCommits } from './findings.ts';
import { mapCommits } from './history.ts';
import type { ObjectStore } from './objects.ts';
import { runProgram } from './program.ts';
import { type FoundSignature, formatOf, signatureOfCommit } from './signed-object.ts';
import { VerificationRoom } from './verification-room.ts';

/** Keys that signatures are verified with. */
export interface SigningKeys {
  /** SSH keys by fingerprint (`SHA256:…`) with whom they belong to. The key itself stands in each signature. */
  ssh: readonly { fingerprint: string; principal: string }[];
  /** Armored OpenPGP public keys. */
  openpgp: readonly string[];
}

export interface VerifiedSignature {
  /**
   * - `unsigned`: there is no signature
   * - `holds`: it is of this very content, by the key `fingerprint`, whoever's that is
   * - `expired`: it holds, and the OpenPGP key or signature has expired by now. The one answer that time changes
   * - `invalid`: it does not hold, could be read in two ways or not at all, rests on a broken digest (MD5, SHA-1), or
   *   the OpenPGP key as it was given says itself that it is revoked
   * - `unverifiable`: an OpenPGP signature whose public key was not given, or of a kind that is not taken (X.509, an
   *   SSH certificate)
   */
  status: 'unsigned' | 'holds' | 'expired' | 'invalid' | 'unverifiable';
  /**
   * The key that verified it, never one that is only claimed: `SHA256:…` for SSH, the primary key's upper-case hex
   * digits for OpenPGP. Present where the status is `holds` or `expired`, and there alone.
   */
  fingerprint?: string;
}

/**
 * One answer a commit, in their order; unsigned commits cost next to nothing. `commits` are whole object ids.
 * Throws GitError where git fails, and UnreachableError where ssh-keygen or gpg is needed and cannot be run: a signature
 * that nobody looked at is no bad one. gpg is needed where OpenPGP keys are given and a commit is signed so.
 */
export async function verifyCommits(
  store: ObjectStore,
  commits: readonly string[],
  keys: SigningKeys,
): Promise<VerifiedSignature[]> {
  const answers = new Map<string, VerifiedSignature>();
  const asked = new Map<string, ReadSignature>();
  for (const [id, found] of await signaturesOf(store, [...new Set(commits)])) {
    const read = readSignature(found, keys);
    if ('status' in read) answers.set(id, read);
    else asked.set(id, read);
  }
  for (const [id, answer] of await verifyAll(store, asked, keys)) answers.set(id, answer);
  return commits.map((id) => {
    const answer = answers.get(id);
    assert(answer, `nothing was found of ${id}`);
    return answer;
  });
}

async function signaturesOf(
  store: ObjectStore,
  commits: readonly string[],
): Promise<Map<string, FoundSignature>> {
  const signatures = new Map<string, FoundSignature>();
  for (const id of commits) assert(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id), `${id} is no object id`);
  await mapCommits(store, commits, (id, content, whole) => {
    const found = signatureOfCommit(content, formatOf(id));
    // What is larger than is read of a commit has been seen by nobody, so whatever signs it counts for nothing.
    signatures.set(id, whole || found.found === 'none' ? found : { found: 'unclear' });
  });
  const missing = commits.find((id) => !signatures.has(id));
  if (missing === undefined) return signatures;
  throw new GitError('failed', `The mirror lacks the commit ${missing}.`, 0);
}

async function verifyAll(
  store: ObjectStore,
  asked: ReadonlyMap<string, ReadSignature>,
  keys: SigningKeys,
): Promise<Map<string, VerifiedSignature>> {
  const answers = new Map<string, VerifiedSignature>();
  const [first] = asked.keys();
  if (first === undefined) return answers;
  await using room = await openRoom(store, first, [...asked.values()], keys);
  const ask = async (ids: readonly string[]): Promise<void> => {
    for (const [id, finding] of await findingsOfCommits(room.store, ids)) {
      const signature = asked.get(id);
      if (signature) answers.set(id, answerOf(signature, finding, keys));
    }
  };
  await ask([...asked.keys()]);
  // Git says the same of a signature that does not hold and of a program that it could not start.
  const doubtful = [...answers].filter(([, { status }]) => status === 'invalid').map(([id]) => id);
  if (doubtful.length > 0) await ask(doubtful);
  return answers;
}

/** A room in which git can verify these signatures. Throws UnreachableError where a program for it is missing. */
export async function openRoom(
  store: ObjectStore,
  id: string,
  signatures: readonly ReadSignature[],
  keys: SigningKeys,
): Promise<VerificationRoom> {
  const kinds = new Set(signatures.map(({ kind }) => kind));
  // Its usage will do: git takes a missing program for a signature that does not hold.
  if (kinds.has('ssh')) await runProgram('ssh-keygen', ['-?'], store);
  return VerificationRoom.open(store, {
    format: formatOf(id),
    signers: allowedSigners(signatures, keys),
    openpgp: kinds.has('openpgp') ? keys.openpgp : [],
  });
}

/** Lines of an allowed-signers file: those of the given keys that the signatures carry, each for its person and for git alone. */
function allowedSigners(signatures: readonly ReadSignature[], keys: SigningKeys): string[] {
  const lines = new Set<string>();
  for (const signature of signatures) {
    const principal = signature.kind === 'ssh' ? principalOf(signature.fingerprint, keys) : undefined;
    if (signature.kind !== 'ssh' || principal === undefined) continue;
    assert(/^[\w.@+-]+$/.test(principal), 'a principal is a plain name: a pattern would stand for others');
    lines.add(`${principal} namespaces="git" ${signature.key}`);
  }
  return [...lines];
}

function principalOf(fingerprint: string, { ssh }: SigningKeys): string | undefined {
  return ssh.find((key) => key.fingerprint === fingerprint)?.principal;
}

/** The answer where the signature's form alone decides, else what it is, to be verified. */
export function readSignature(found: FoundSignature, keys: SigningKeys): VerifiedSignature | ReadSignature {
  if (found.found === 'none') return { status: 'unsigned' };
  const read = found.found === 'one' ? readArmor(found.armor) : ({ kind: 'unreadable' } as const);
  if (read.kind === 'unreadable') return { status: 'invalid' };
  if (read.kind === 'foreign') return { status: 'unverifiable' };
  if (read.kind === 'openpgp') return keys.openpgp.length === 0 ? { status: 'unverifiable' } : read;
  return read.namespace === 'git' ? read : { status: 'invalid' };
}

/**
 * Git knows the signers that it was told of (`G`), and of others only that the signature is of its content (`U`).
 * Throws GitError where git did not get as far as to ask.
 */
export function answerOf(signature: ReadSignature, finding: Finding, keys: SigningKeys): VerifiedSignature {
  const { letter, key, primary } = finding;
  if (signature.kind === 'ssh') {
    // Whatever ssh-keygen says of a signature, git has words for.
    if (letter === 'N') throw new GitError('failed', 'git could not have an SSH signature verified.', 0);
    const expected = principalOf(signature.fingerprint, keys) === undefined ? 'U' : 'G';
    const holds = letter === expected && key === signature.fingerprint;
    return holds ? { status: 'holds', fingerprint: key } : { status: 'invalid' };
  }
  if (letter === 'E') return { status: 'unverifiable' };
  if (!/^[0-9A-F]{40,64}$/.test(primary)) return { status: 'invalid' };
  if (letter === 'G') return { status: 'holds', fingerprint: primary };
  return letter === 'X' || letter === 'Y'
    ? { status: 'expired', fingerprint: primary }
    : { status: 'invalid' };
}
