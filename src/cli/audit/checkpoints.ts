// The checkpoints that `audit verify` is given: read from a file or from the history of a ref, and each held to its signature.
import { readFile } from 'node:fs/promises';
import { readCheckpoint, type VerifiedCheckpoint } from '../../audit/checkpoint.ts';
import type { GitCredentials } from '../../git/environment.ts';
import { FileRef, RewrittenRefError } from '../../git/file-ref.ts';
import { validRef } from '../../git/ref-name.ts';
import { parseGitSource } from '../../git/source.ts';
import { UsageError } from '../../lib/errors.ts';
import { signerFingerprints } from '../signing-key-file.ts';

export interface CheckpointOptions {
  checkpoint?: string;
  checkpointRef?: string;
  checkpointRepo?: string;
  checkpointSigner: string[];
}

/** What is wrong with what holds the checkpoints, in words. */
export interface CheckpointFault {
  source: string;
  message: string;
}

export interface Checkpoints {
  /** Sorted by project and entry. */
  held: VerifiedCheckpoint[];
  fault?: CheckpointFault;
}

/**
 * All that were named; undefined where none are. The fault is the first one of any file or ref. Throws UsageError, and
 * UnreachableError where the repository is away.
 * @param repo where the ref is, if `--checkpoint-repo` does not say
 */
export async function readCheckpoints(
  options: CheckpointOptions,
  repo: string | undefined,
  git: { stateFolder: string; credentials: GitCredentials },
): Promise<Checkpoints | undefined> {
  const { checkpoint: file, checkpointRef: ref, checkpointRepo = repo } = options;
  const signers = await signerFingerprints(options.checkpointSigner, '--checkpoint-signer');
  if (file === undefined && ref === undefined) {
    if (options.checkpointRepo === undefined && signers.length === 0) return undefined;
    throw new UsageError('name the checkpoints with --checkpoint or --checkpoint-ref.');
  }
  const found: Checkpoints[] = [];
  if (file !== undefined) found.push(judged(await fileLines(file), signers));
  if (ref !== undefined) {
    if (checkpointRepo === undefined)
      throw new UsageError('--checkpoint-ref needs the repository that it is in: --checkpoint-repo.');
    found.push(await ofRef(checkpointRepo, ref, git, signers));
  }
  const fault = found.find((each) => each.fault)?.fault;
  return { held: found.flatMap(({ held }) => held), ...(fault && { fault }) };
}

interface Line {
  /** Where it stands. */
  source: string;
  text: string;
}

function judged({ name, lines }: { name: string; lines: Line[] }, signers: readonly string[]): Checkpoints {
  const held: VerifiedCheckpoint[] = [];
  for (const { source, text } of lines) {
    const checkpoint = readCheckpoint(text);
    if (typeof checkpoint === 'string') return { held, fault: { source, message: checkpoint } };
    if (signers.length > 0 && !signers.includes(checkpoint.fingerprint)) {
      const message = `it is signed by ${checkpoint.fingerprint}, which --checkpoint-signer does not name`;
      return { held, fault: { source, message } };
    }
    held.push(checkpoint);
  }
  if (held.length === 0) return { held, fault: { source: name, message: 'it holds no checkpoint' } };
  return { held };
}

async function fileLines(path: string): Promise<{ name: string; lines: Line[] }> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--checkpoint ${path} cannot be read.`, { cause });
  });
  const lines = text.split('\n').map((line, index) => ({ source: `${path}:${index + 1}`, text: line }));
  return { name: path, lines: lines.filter((line) => line.text.trim() !== '') };
}

async function ofRef(
  repo: string,
  ref: string,
  git: { stateFolder: string; credentials: GitCredentials },
  signers: readonly string[],
): Promise<Checkpoints> {
  const source = parseGitSource(repo, process.cwd());
  const fileRef = new FileRef({
    source,
    ref: validRef(ref, '--checkpoint-ref'),
    stateFolder: git.stateFolder,
    credentials: git.credentials,
    inherited: process.env,
  });
  const { name } = fileRef;
  try {
    await fileRef.fetch();
  } catch (error) {
    if (!(error instanceof RewrittenRefError)) throw error;
    return { held: [], fault: { source: name, message: error.message } };
  }
  const contents = await fileRef.history();
  return judged({ name, lines: contents.map((text) => ({ source: name, text: text.trim() })) }, signers);
}
