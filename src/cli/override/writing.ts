// What `override set` and `override lift` share: their options, and how a refusal is told.
import { type Command, Option } from 'commander';
import type { OverrideRequest } from '../../sync/override/content.ts';
import { OverrideRefusedError } from '../../sync/override/seal.ts';
import { type WrittenOverride, writeOverride } from '../../sync/override/write.ts';
import { databaseUrl } from '../database-url.ts';
import { EXIT } from '../exit.ts';
import { operatorName } from '../operator.ts';
import { say } from '../terminal.ts';

export interface WritingOptions {
  environment: string;
  reason: string;
  key?: string;
  project?: string;
  databaseUrl?: string;
  format: 'text' | 'json';
}

export function withWritingOptions(command: Command): Command {
  return command
    .requiredOption('--environment <name>', 'where')
    .requiredOption('--reason <text>', 'why, in a sentence that the audit keeps')
    .option('--key <file>', 'your SSH key: a private one, or a public one whose private half an agent holds')
    .option('--project <key>', 'the project, where the database has several')
    .option('--database-url <url>', 'the PostgreSQL that relays are served from')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'));
}

/** Writes and prints it. Refused by the policy, the command exits with 1. */
export async function write(
  request: OverrideRequest,
  { key, project, databaseUrl: url, format }: WritingOptions,
  lines: (written: WrittenOverride) => string[],
): Promise<void> {
  try {
    const written = await writeOverride(request, {
      databaseUrl: await databaseUrl({ databaseUrl: url }),
      ...(project !== undefined && { project }),
      operator: { name: operatorName(), ...(key !== undefined && { keyFile: key }) },
    });
    say(...(format === 'json' ? [JSON.stringify(plain(written))] : lines(written)));
  } catch (error) {
    if (!(error instanceof OverrideRefusedError)) throw error;
    process.stderr.write(`halyard: refused, and nothing is written. ${error.message}\n`);
    process.exitCode = EXIT.problems;
  }
}

/** `entry 12, revision 9, signed by alice`. */
export function provenance({ content }: WrittenOverride): string {
  const { entry, revision, signature, actor } = content;
  const { fingerprint, person } = signature;
  const by = fingerprint === undefined ? `by ${actor}, unsigned` : `signed by ${person ?? fingerprint}`;
  return `entry ${entry}, revision ${revision}, ${by}`;
}

function plain({ content, before }: WrittenOverride): object {
  const { changes: _changes, seal: _seal, v: _v, ...told } = content;
  return { ...told, ...(before && { before }) };
}
