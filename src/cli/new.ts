// `halyard new`: begins a definition with a commented file, which says what can be filled in.
import { Command, InvalidArgumentError, Option } from 'commander';
import { dateFindings } from '../definitions/checks/dates.ts';
import { beginExperiment, beginFlag, beginMetric, beginProject, beginSegment } from './new/begin.ts';

const EXAMPLES = `
The file passes \`halyard check\`. What \`halyard check --strict\` still asks for (an owner, say) is listed.

Examples:
  $ halyard new project acme/shop
  $ halyard new flag one-page-checkout --owner payments --description "Replaces the three steps." --in checkout
  $ halyard new flag search-ranking --type string --permanent
  $ halyard new segment staff
  $ halyard new metric purchase --event order-completed
  $ halyard new experiment page-layout --flag one-page-checkout --metric purchase

Exit codes: 0 written, 1 it is there already, 2 wrong use.`;

/** The subcommand `new`, with one for each kind of definition under it. */
export function command(): Command {
  const begin = new Command('new')
    .summary('begin a definition with a commented file')
    .description('Begins a definition with a commented file, in which nobody gets anything new yet.')
    .addHelpText('after', EXAMPLES);
  definition(begin.command('flag'))
    .description('Begins a flag: every environment serves its safe default.')
    .option('--description <text>', 'what it does')
    .addOption(
      new Option('--type <type>', 'of its values')
        .choices(['boolean', 'string', 'number', 'json'])
        .default('boolean'),
    )
    .addOption(new Option('--permanent', 'it stays for good').conflicts('expires'))
    .option('--expires <date>', 'by when it is to be gone, YYYY-MM-DD (default: in 90 days)', readDate)
    .action(beginFlag);
  definition(begin.command('segment'))
    .description('Begins a segment: nobody is in it.')
    .option('--description <text>', 'who these people are')
    .action(beginSegment);
  definition(begin.command('experiment'))
    .description("Begins an experiment over a flag's variations: a draft, which assigns nobody.")
    .requiredOption('--flag <key>', 'the flag whose variations are compared')
    .option('--metric <key>', 'the metric that decides (default: the only one that there is)')
    .option('--environment <name>', 'where it is to run (default: the last of project.yaml)')
    .option('--hypothesis <text>', 'what you expect to see')
    .action(beginExperiment);
  definition(begin.command('metric'))
    .description('Begins a metric: how events that apps track become a number per unit.')
    .option('--description <text>', 'what is counted')
    .addOption(
      new Option('--type <type>', 'what is made of the events')
        .choices(['binary', 'count', 'mean', 'ratio'])
        .default('binary'),
    )
    .option('--event <name>', 'the event that apps track (default: the key)', readName)
    .addOption(
      new Option('--direction <direction>', 'the good direction')
        .choices(['increase', 'decrease'])
        .default('increase'),
    )
    .action(beginMetric);
  common(begin.command('project'))
    .description('Begins a project: writes project.yaml, with a random salt for each environment.')
    .argument('<organization/name>', 'the name of the project; it never changes')
    .option('--environments <names...>', 'in the order of promotion', ['dev', 'staging', 'prod'])
    .action(beginProject);
  return begin;
}

function common(command: Command): Command {
  return command
    .option('--path <folder>', 'the folder of the definitions', 'flags')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'));
}

function definition(command: Command): Command {
  return common(command)
    .argument('<key>', 'the key, after which the file is named')
    .option('--in <subfolder>', 'where in the folder of the definitions')
    .option('--owner <name>', 'the team or person who answers for it');
}

function readDate(value: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && dateFindings('expires', value).length === 0) return value;
  throw new InvalidArgumentError('It is no day of the calendar: expected YYYY-MM-DD.');
}

function readName(value: string): string {
  if (value.trim() !== '') return value;
  throw new InvalidArgumentError('It is empty.');
}
