// Signs and verifies texts that are no git objects with SSH keys, through ssh-keygen: approvals and emergency overrides.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import { readArmor } from './armor.ts';
import type { GitEnvironment } from './environment.ts';
import { runProgram } from './program.ts';
import type { VerifiedSignature } from './signatures.ts';

export interface SignedText {
  text: string;
  /** Keeps a signature for one purpose from passing for one of another: `halyard-approval`, say. */
  namespace: string;
}

/** A person may have to touch their key, or to confirm at their agent. */
const SIGNING_DEADLINE_MS = 60_000;

/**
 * Signs with the private key of a file, or with the agent's where the file holds a public key or the agent has the key.
 * Asks for no passphrase. Waits for a minute at most.
 * @returns the armored signature and the key's fingerprint. Throws UsageError where the key cannot be used,
 * UnreachableError where there is no ssh-keygen
 */
export async function signText(
  signed: SignedText,
  keyFile: string,
): Promise<{ signature: string; fingerprint: string }> {
  const { exitCode, stdout, stderr } = await runProgram(
    'ssh-keygen',
    ['-Y', 'sign', '-f', keyFile, '-n', signed.namespace],
    { environment: signingEnvironment(), input: signed.text, deadlineMs: SIGNING_DEADLINE_MS },
  );
  if (exitCode !== 0) throw unusable(keyFile, stderr);
  const { status, fingerprint } = await verifyText(signed, stdout);
  if (status !== 'holds' || fingerprint === undefined)
    throw new UsageError(
      `The key ${keyFile} signs as a certificate, or is of a kind that is not taken. Use a plain Ed25519 key.`,
    );
  return { signature: stdout, fingerprint };
}

/**
 * Whether the signature is of this very text for this very purpose, by whichever key it carries. Never `unsigned`,
 * `expired` or `unverifiable`: what is no signature of a plain SSH key is `invalid`. Throws UnreachableError where there
 * is no ssh-keygen, GitError past the deadline.
 */
export async function verifyText(
  signed: SignedText,
  signature: string,
  signal?: AbortSignal,
): Promise<VerifiedSignature> {
  const read = readArmor(signature);
  if (read.kind !== 'ssh' || read.namespace !== signed.namespace) return { status: 'invalid' };
  const folder = await mkdtemp(join(tmpdir(), 'halyard-signature-'));
  try {
    const file = join(folder, 'signature');
    await writeFile(file, signature, { mode: 0o600 });
    const { exitCode, stdout } = await runProgram(
      'ssh-keygen',
      ['-Y', 'check-novalidate', '-n', signed.namespace, '-s', file],
      { environment: plainEnvironment(), input: signed.text, signal },
    );
    const holds = exitCode === 0 && stdout.trimEnd().endsWith(` key ${read.fingerprint}`);
    return holds ? { status: 'holds', fingerprint: read.fingerprint } : { status: 'invalid' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function plainEnvironment(): GitEnvironment {
  return { LC_ALL: 'C', ...inherited(['PATH', 'TMPDIR']) };
}

/** The asking program is one that is not there: without it, ssh-keygen would read a passphrase from the text to be signed. */
function signingEnvironment(): GitEnvironment {
  const surroundings = inherited(['HOME', 'SSH_AUTH_SOCK', 'SSH_SK_PROVIDER']);
  return {
    ...plainEnvironment(),
    ...surroundings,
    SSH_ASKPASS: '/nonexistent',
    SSH_ASKPASS_REQUIRE: 'force',
  };
}

function inherited(names: readonly string[]): GitEnvironment {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function unusable(keyFile: string, said: string): UsageError {
  if (said.includes('incorrect passphrase'))
    return new UsageError(
      `The key ${keyFile} is protected by a passphrase. Give it to the agent with \`ssh-add ${keyFile}\`, and try again.`,
    );
  const why = said.includes('UNPROTECTED PRIVATE KEY')
    ? 'others may read it; `chmod 600` mends that'
    : (said
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('Signing '))
        .at(-1) ?? '');
  return new UsageError(
    `The key ${keyFile} cannot sign: ${why}. It must be an SSH private key without a passphrase, or a public key whose private half the SSH agent has.`,
  );
}
