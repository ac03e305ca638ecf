// The options of `sync` for checkpoints: the key that signs them, and the ref of which repository they go to.
import type { Command } from 'commander';
import { UsageError } from '../../lib/errors.ts';
import type { SyncOptions } from '../../sync/options.ts';
import { signingKeyFile } from '../signing-key-file.ts';

export interface CheckpointOptions {
  checkpointKey?: string;
  checkpointRef?: string;
  checkpointRepo?: string;
}

export function addCheckpointOptions(command: Command): Command {
  return command
    .option(
      '--checkpoint-key <file>',
      'sign the end of the audit chain after each entry, with this Ed25519 key',
    )
    .option('--checkpoint-ref <ref>', 'where the checkpoints go, refs/halyard/checkpoints say')
    .option('--checkpoint-repo <url|path>', 'the repository that the ref is in (default: --repo)');
}

/** Undefined where no checkpoints are wanted. Throws UsageError, for a key that cannot be used too. */
export async function checkpointsOf(options: CheckpointOptions): Promise<SyncOptions['checkpoints']> {
  const { checkpointKey: file, checkpointRef: ref, checkpointRepo: repo } = options;
  if (file === undefined && ref === undefined && repo === undefined) return undefined;
  if (file === undefined || ref === undefined) {
    throw new UsageError(
      'checkpoints need both the key that signs them and a ref: --checkpoint-key, --checkpoint-ref.',
    );
  }
  const key = await signingKeyFile(file, '--checkpoint-key');
  return { key, ref, ...(repo !== undefined && { repo }) };
}
