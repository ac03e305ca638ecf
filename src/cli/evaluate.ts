// `halyard evaluate`: decides one flag of a folder of definitions for one context, and says why.
import { Command, Option } from 'commander';
import { snapshotOf } from '../definitions/environments.ts';
import { hintFor } from '../definitions/suggest.ts';
import { compile } from '../engine/compile.ts';
import { evaluate } from '../engine/evaluate.ts';
import { type Explanation, explain } from '../engine/explain.ts';
import { ticked } from '../lib/printable.ts';
import type { Context } from '../model/context.ts';
import { readContext, readContextLines } from './contexts.ts';
import { decisionLines } from './evaluate/decision-text.ts';
import { explanationLines } from './evaluate/explanation-text.ts';
import { EXIT } from './exit.ts';
import { readInstant } from './instant.ts';
import { loadOrReport } from './load-or-report.ts';

interface Options {
  environment: string;
  context: string;
  contexts?: string;
  path: string;
  explain: boolean;
  at?: number;
  format: 'text' | 'json';
}

const EXAMPLES = `
The context is what an app says about the subject: targetingKey and attributes, as JSON. @file reads it from a file, - from
standard input. --contexts takes a file (or -) with one context a line, and prints one decision a line, as JSON.

Examples:
  $ halyard evaluate one-page-checkout --environment prod --context '{"targetingKey":"u1","country":"US"}'
  $ halyard evaluate one-page-checkout --environment prod --context @alice.json --explain
  $ echo '{"targetingKey":"u1"}' | halyard evaluate banner --environment dev --context - --format json
  $ halyard evaluate banner --environment prod --contexts users.jsonl | jq -r .variation | sort | uniq -c

Exit codes: 0 decided, 1 no such flag or definitions with errors, 2 wrong use.`;

/** The subcommand `evaluate`. */
export function command(): Command {
  return new Command('evaluate')
    .summary('decide one flag for one context, and say why')
    .description('Decides one flag for one context from a folder of definitions, as a relay would.')
    .argument('<flag>', 'the key of the flag')
    .requiredOption('--environment <name>', 'the environment to decide for')
    .option('--context <json>', 'who asks, as JSON, @file or -', '{}')
    .addOption(
      new Option('--contexts <file>', 'many contexts, one JSON object a line').conflicts([
        'context',
        'explain',
      ]),
    )
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .option('--explain', 'show each step that led to the decision', false)
    .option('--at <instant>', 'decide as at this time, RFC 3339 (default: now)', readInstant)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(evaluateFlag);
}

async function evaluateFlag(flag: string, options: Options): Promise<void> {
  const contexts = await readContexts(options);
  const definitions = await loadOrReport(options.path, 'decide nothing');
  if (definitions === undefined) return;
  const ruleset = compile(snapshotOf(definitions, options.environment, 1));
  if (!ruleset.flags.has(flag)) {
    const hint = hintFor(flag, [...ruleset.flags.keys()], '', 'There are');
    process.stderr.write(`halyard: there is no flag ${ticked(flag)} in ${options.path}. ${hint}\n`);
    process.exitCode = EXIT.problems;
    return;
  }
  const nowMs = options.at ?? Date.now();
  if (options.contexts !== undefined) {
    const decisions = contexts.map((context) => JSON.stringify(evaluate(ruleset, flag, context, nowMs)));
    process.stdout.write(decisions.map((decision) => `${decision}\n`).join(''));
    return;
  }
  printExplanation(explain(ruleset, flag, contexts[0] ?? {}, nowMs), options);
}

function printExplanation(explanation: Explanation, options: Options): void {
  if (options.format === 'json') {
    const printed = options.explain ? explanation : explanation.decision;
    process.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
    return;
  }
  const lines = decisionLines(explanation.decision);
  if (options.explain) lines.push('', ...explanationLines(explanation));
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function readContexts({ context, contexts }: Options): Promise<Context[]> {
  if (contexts === undefined) return [await readContext(context, '--context')];
  return (await readContextLines(contexts, '--contexts')).map((line) => line.context);
}
