// `halyard audit checkpoint`: signs the end of a chain, to be kept where the database's administrator cannot reach.
import { appendFile } from 'node:fs/promises';
import { Command } from 'commander';
import { readChainEnd } from '../../audit/chain-end.ts';
import { checkpointText, signCheckpoint } from '../../audit/checkpoint.ts';
import { chooseProject } from '../../audit/log.ts';
import { withTransaction } from '../../db/transaction.ts';
import { UsageError } from '../../lib/errors.ts';
import { EXIT } from '../exit.ts';
import { signingKeyFile } from '../signing-key-file.ts';
import { say } from '../terminal.ts';
import { withDatabase } from './database.ts';

interface Options {
  databaseUrl?: string;
  project?: string;
  key: string;
  out?: string;
}

const EXAMPLES = `
Prints one line of canonical JSON: { entry, hash, project, publicKey, signature, time, v }. The signature is Ed25519 over
the canonical JSON (RFC 8785) of the rest. Verify the audit first: a checkpoint says that the chain was so, not that it
was right. Keep it, and the key, where whoever administers the database cannot reach. \`halyard sync --checkpoint-key\`
writes one after each entry into a git repository.

The key file is PEM (\`openssl genpkey -algorithm ed25519\`) or OpenSSH's (\`ssh-keygen -t ed25519 -N ''\`), unencrypted.

Examples:
  $ halyard audit checkpoint --key /run/secrets/checkpoint-key
  $ halyard audit checkpoint --key ./checkpoint-key --out ./checkpoints.jsonl
  $ halyard audit verify --checkpoint ./checkpoints.jsonl --checkpoint-signer ./checkpoint-key.pub`;

/** The subcommand of `audit`. */
export function checkpointCommand(): Command {
  return new Command('checkpoint')
    .exitOverride()
    .description('Signs the last entry with its hash, so that a rewritten past shows.')
    .requiredOption('--key <file>', 'an Ed25519 private key')
    .option('--out <file>', 'append it to this file instead of printing it')
    .option('--database-url <url>', 'the PostgreSQL to read')
    .option('--project <key>', 'the project, where the database has several')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run({ databaseUrl, project: named, key: keyFile, out }: Options): Promise<void> {
  const key = await signingKeyFile(keyFile, '--key');
  const { project, end } = await withDatabase(databaseUrl, (pool) =>
    withTransaction(pool, { isolation: 'repeatable read', readOnly: true }, async (tx) => {
      const project = await chooseProject(tx, named);
      return { project, end: await readChainEnd(tx, project) };
    }),
  );
  if (!end) throw new UsageError(`${project} has no entry yet.`);
  const { entry, hash, fits } = end;
  if (!fits) {
    say(`broken  ${project}  entry ${entry}: its hash does not fit. Run \`halyard audit verify\`.`);
    process.exitCode = EXIT.problems;
    return;
  }
  const line = checkpointText(signCheckpoint({ project, entry, hash, time: new Date().toISOString() }, key));
  if (out === undefined) return say(line);
  await appendFile(out, `${line}\n`).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`--out ${out} cannot be written (${cause.code}).`, { cause });
  });
}
