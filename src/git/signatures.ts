// Verifies signatures of commits through git itself, which asks ssh-keygen and gpg; with keys that are given, and none of the machine's.
import assert from 'node:assert';
import { availableParallelism } from 'node:os';
import { type ReadSignature, readArmor } from './armor.ts';
import { GitError, runGit } from './command.ts';
import { type ObjectStore, readObjects } from './objects.ts';
import { runProgram } from './program.ts';
import { type ObjectFormat, signatureOfCommit } from './signed-object.ts';
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
   * - `invalid`: it does not hold, cannot be read without doubt, or the OpenPGP key given says itself that it is revoked
   * - `unverifiable`: an OpenPGP signature whose public key was not given, or of a kind that is not taken (X.509, an
   *   SSH certificate)
   */
  status: 'unsigned' | 'holds' | 'expired' | 'invalid' | 'unverifiable';
  /**
   * The key that verified it, never one that is only claimed: `SHA256:…` for SSH, the primary key's upper-case hex
   * digits for OpenPGP. Present where the status is `holds` or `expired`.
   */
  fingerprint?: string;
}

const READ_AT_ONCE = 1_000;
/** One git process verifies this many, so that its deadline does not grow with the history. */
const VERIFIED_AT_ONCE = 200;
const VERIFY_DEADLINE_MS = 120_000;
const LANES = Math.min(4, availableParallelism());

/** Signatures to verify, by their commit. */
type Signed = ReadonlyMap<string, ReadSignature>;
type Answers = Map<string, VerifiedSignature>;

/**
 * One answer a commit, in their order; unsigned commits cost next to nothing. `commits` are whole object ids.
 * Throws GitError where git fails, UnreachableError where ssh-keygen or gpg is needed and not there: a signature that
 * nobody could look at is no bad one.
 */
export async function verifyCommits(
  store: ObjectStore,
  commits: readonly string[],
  keys: SigningKeys,
): Promise<VerifiedSignature[]> {
  const format = formatOf(commits[0] ?? '');
  const { answers, signed } = await lookAt(store, [...new Set(commits)], format, keys);
  if (signed.size > 0) {
    const signers = allowedSigners(signed.values(), keys);
    const kinds = new Set([...signed.values()].map(({ kind }) => kind));
    const openpgp = kinds.has('openpgp') ? keys.openpgp : [];
    await using room = await VerificationRoom.open(store, { format, signers, openpgp });
    // Its usage text will do: git takes a program that is missing for a signature that is bad.
    if (kinds.has('ssh')) await runProgram('ssh-keygen', ['-?'], room.store);
    for (const [id, answer] of await verifyAll(room.store, signed)) answers.set(id, answer);
  }
  return commits.map((id) => {
    const answer = answers.get(id);
    assert(answer, `nothing was found of ${id}`);
    return answer;
  });
}

export function formatOf(id: string): ObjectFormat {
  return id.length === 64 ? 'sha256' : 'sha1';
}

/** The lines of an allowed-signers file: those of the given keys that stand in signatures, each for its person and for git alone. */
export function allowedSigners(signatures: Iterable<ReadSignature>, { ssh }: SigningKeys): string[] {
  const principals = new Map(ssh.map(({ fingerprint, principal }) => [fingerprint, principal]));
  const lines = new Set<string>();
  for (const signature of signatures) {
    const principal = signature.kind === 'ssh' ? principals.get(signature.fingerprint) : undefined;
    if (signature.kind !== 'ssh' || principal === undefined) continue;
    assert(/^[\w.@+-]+$/.test(principal), 'a principal is a plain name: patterns would let others in');
    lines.add(`${principal} namespaces="git" ${signature.key}`);
  }
  return [...lines];
}

/** Answers what can be told without asking anyone. */
async function lookAt(
  store: ObjectStore,
  commits: readonly string[],
  format: ObjectFormat,
  keys: SigningKeys,
): Promise<{ answers: Answers; signed: Map<string, ReadSignature> }> {
  const answers: Answers = new Map();
  const signed = new Map<string, ReadSignature>();
  for (let at = 0; at < commits.length; at += READ_AT_ONCE) {
    const ids = commits.slice(at, at + READ_AT_ONCE);
    for (const id of ids) assert(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(id), `${id} is no object id`);
    const objects = await readObjects(store, ids);
    for (const [index, object] of objects.entries()) {
      const id = ids[index] ?? '';
      if (object?.type !== 'commit') throw new GitError('failed', `The mirror lacks the commit ${id}.`, 0);
      const found = signatureOfCommit(object.content, format);
      if (found.found === 'none') answers.set(id, { status: 'unsigned' });
      else {
        const read = found.found === 'one' ? readArmor(found.armor) : ({ kind: 'unreadable' } as const);
        const status = statusOf(read, keys, 'git');
        if (status) answers.set(id, { status });
        else signed.set(id, read);
      }
    }
  }
  return { answers, signed };
}

/** What a signature's form alone decides; undefined where it must be verified. */
export function statusOf(
  signature: ReadSignature,
  keys: SigningKeys,
  namespace: string,
): 'invalid' | 'unverifiable' | undefined {
  if (signature.kind === 'unreadable') return 'invalid';
  if (signature.kind === 'foreign') return 'unverifiable';
  if (signature.kind === 'openpgp') return keys.openpgp.length === 0 ? 'unverifiable' : undefined;
  return signature.namespace === namespace ? undefined : 'invalid';
}

async function verifyAll(store: ObjectStore, signed: Signed): Promise<Answers> {
  const ids = [...signed.keys()];
  const size = Math.min(VERIFIED_AT_ONCE, Math.ceil(ids.length / LANES));
  const batches = Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
  const answers: Answers = new Map();
  const work = batches.values();
  const lane = async (): Promise<void> => {
    for (const batch of work)
      for (const [id, answer] of await askTwice(store, batch, signed)) answers.set(id, answer);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return answers;
}

/** Git says the same of a signature that does not hold and of a program that it could not start: what does not hold is asked again. */
async function askTwice(store: ObjectStore, ids: readonly string[], signed: Signed): Promise<Answers> {
  const answers = await ask(store, ids, signed);
  const doubtful = [...answers].filter(([, { status }]) => status === 'invalid').map(([id]) => id);
  if (doubtful.length > 0)
    for (const [id, answer] of await ask(store, doubtful, signed)) answers.set(id, answer);
  return answers;
}

/** `%G?` is git's finding, `%GF` the key that verified, `%GP` the primary key of an OpenPGP one: nothing that a signer can word. */
const FORMAT = '%H%x00%G?%x00%GF%x00%GP';
const LINE = /^([0-9a-f]{40,64})\0([GUXYRBEN])\0(SHA256:[\w+/]{43}|[0-9A-F]*)\0([0-9A-F]*)$/;

async function ask(store: ObjectStore, ids: readonly string[], signed: Signed): Promise<Answers> {
  const args = ['log', '--no-walk=unsorted', '--stdin', `--format=${FORMAT}`];
  const input = `${ids.join('\n')}\n`;
  const text = await runGit(args, { ...store, input, deadlineMs: VERIFY_DEADLINE_MS });
  const answers: Answers = new Map();
  for (const line of text.trimEnd().split('\n')) {
    const [, id = '', finding = '', key = '', primary = ''] = LINE.exec(line) ?? [];
    const signature = signed.get(id);
    if (!signature) throw new GitError('failed', 'git log answered what it was not asked.', 0);
    answers.set(id, answerOf(signature, finding, { key, primary }));
  }
  if (answers.size !== ids.length) throw new GitError('failed', 'git log left out a commit.', 0);
  return answers;
}

/** See `%G?` in git-log(1). `U`, of unknown validity, is a signature of a key that no line of the allowed signers names. */
function answerOf(
  signature: ReadSignature,
  finding: string,
  { key, primary }: { key: string; primary: string },
): VerifiedSignature {
  const holds = finding === 'G' || finding === 'U';
  if (signature.kind === 'ssh')
    return holds && key === signature.fingerprint
      ? { status: 'holds', fingerprint: key }
      : { status: 'invalid' };
  if (finding === 'E') return { status: 'unverifiable' };
  const status = holds ? 'holds' : finding === 'X' || finding === 'Y' ? 'expired' : 'invalid';
  return status !== 'invalid' && primary.length >= 40
    ? { status, fingerprint: primary }
    : { status: 'invalid' };
}
