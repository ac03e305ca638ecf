// `halyard types`: typed keys, values and contexts for TypeScript, and the OpenFeature flag manifest for other languages.
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { flagManifest } from '../authoring/types/flag-manifest.ts';
import { typescriptModule } from '../authoring/types/typescript-module.ts';
import { putFile } from '../io/replace-file.ts';
import { UsageError } from '../lib/errors.ts';
import { EXIT } from './exit.ts';
import { loadOrReport } from './load-or-report.ts';
import { withPath } from './path-option.ts';
import { say } from './terminal.ts';

interface Options {
  path: string;
  out?: string;
  manifest: boolean;
  check: boolean;
}

export function command(): Command {
  return new Command('types')
    .summary('typed flags for TypeScript, or the OpenFeature flag manifest')
    .description(
      'Prints a TypeScript module with which a wrong flag key, value type or attribute does not compile.',
    )
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--out <file>', 'write to this file instead of standard output')
    .option('--manifest', 'print the flag manifest of the OpenFeature CLI instead', false)
    .option('--check', 'write nothing; fail where --out is not up to date', false)
    .addHelpText(
      'after',
      `
Examples:
  $ halyard types --out src/flags.gen.ts
  $ halyard types --out src/flags.gen.ts --check
  $ halyard types --manifest --out flags.json && openfeature generate go --manifest flags.json

Exit codes: 0 fine, 1 definitions with errors, or --check found a stale file, 2 wrong use.`,
    )
    .action(types);
}

async function types({ path, out, manifest, check }: Options): Promise<void> {
  if (check && out === undefined) throw new UsageError('--check needs --out <file>');
  const definitions = await loadOrReport(path, 'have no types');
  if (definitions === undefined) return;
  const text = manifest
    ? `${JSON.stringify(flagManifest(definitions), null, 2)}\n`
    : typescriptModule(definitions);
  if (out === undefined) {
    process.stdout.write(text);
  } else if (!check) {
    await putFile(out, text);
  } else if ((await readFile(out, 'utf8').catch(() => '')) !== text) {
    const again = withPath(`halyard types --out ${out}${manifest ? ' --manifest' : ''}`, path);
    say(`${out} is not up to date: run \`${again}\`.`);
    process.exitCode = EXIT.problems;
  }
}
