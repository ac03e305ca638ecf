// `halyard assignment`: which arm a unit was given, when, and whether it was given another one later.
import { Command, Option } from 'commander';
import type { Queryable } from '../db/pool.ts';
import { type Assignment, readAssignment, readMeasured, readProject } from '../events/queries.ts';
import { readUnitKey } from '../io/unit-key.ts';
import { UsageError } from '../lib/errors.ts';
import { printable } from '../lib/printable.ts';
import type { ExperimentDefinition, ProjectDefinition } from '../model/definitions.gen.ts';
import { pseudonym } from '../model/pseudonym.ts';
import { withDatabase } from './audit/database.ts';
import { EXIT } from './exit.ts';
import { say, styled } from './terminal.ts';

interface Options {
  environment?: string;
  unitKeyFile?: string;
  project?: string;
  databaseUrl?: string;
  format: 'text' | 'json';
}

interface Found extends Assignment {
  environment: string;
}

const EXAMPLES = `
It says what was recorded, not what would be decided today: that is \`halyard evaluate\`. Where the experiment's unit is a
personal attribute, the database has pseudonyms alone: give the key file of the relays, or the pseudonym (hmac:…) itself.

Examples:
  $ halyard assignment page-layout user-1
  $ halyard assignment page-layout user-1 --environment prod --format json
  $ halyard assignment page-layout ada@example.com --unit-key-file unit.key

Exit code 0 where there is one, 1 where the unit was never exposed.`;

/** The subcommand `assignment`. */
export function command(): Command {
  return new Command('assignment')
    .description('Says which arm of an experiment a unit was given, when, and whether it crossed over.')
    .argument('<experiment>', 'the key of the experiment')
    .argument('<unit>', "the unit's value, or its pseudonym")
    .option('--environment <name>', 'there alone (default: wherever the experiment runs)')
    .option('--unit-key-file <file>', "the relays' key, with which personal units become pseudonyms")
    .option('--project <key>', 'the project, where the database has several')
    .option('--database-url <url>', 'the PostgreSQL to read')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(experiment: string, unit: string, options: Options): Promise<void> {
  const { environment, format } = options;
  const found = await withDatabase(
    options.databaseUrl,
    async (database) => {
      const { project } = await readProject(database, options.project);
      const places = await placesOf(database, project, experiment, unit, options);
      const assignments: Found[] = [];
      for (const place of environment === undefined ? places.environments : [environment]) {
        const key = { project, environment: place, experiment };
        const assignment = await readAssignment(database, key, places.unit);
        if (assignment) assignments.push({ environment: place, ...assignment });
      }
      return { isByKey: places.unit !== unit, told: { project, experiment, assignments } };
    },
    'halyard assignment',
  );
  const { assignments } = found.told;
  if (assignments.length === 0) process.exitCode = EXIT.problems;
  if (format === 'json') return say(JSON.stringify(found.told));
  if (assignments.length > 0) return say(...assignments.flatMap(linesOf));
  const where = environment === undefined ? '' : ` in ${environment}`;
  const orWhy = found.isByKey ? ', as far as the key is that of the relays' : '';
  say(`This unit was never exposed to ${experiment}${where}${orWhy}.`);
}

/** Where the experiment runs, and the unit as it is kept. Throws a UsageError where the experiment is not applied, or the key is missing. */
async function placesOf(
  database: Queryable,
  project: string,
  experiment: string,
  unit: string,
  { environment, unitKeyFile }: Options,
): Promise<{ environments: string[]; unit: string }> {
  const rows = await readMeasured(database, project);
  const row = rows.find(({ kind, key }) => kind === 'experiment' && key === experiment);
  if (!row) throw new UsageError(`${project} has no experiment ${experiment}, as far as it is applied.`);
  const definition = JSON.parse(row.body) as ExperimentDefinition;
  const { attributes, environments } = JSON.parse(
    rows.find(({ kind }) => kind === 'project')?.body ?? '{"environments":{}}',
  ) as ProjectDefinition;
  if (environment !== undefined && !Object.hasOwn(environments, environment))
    throw new UsageError(
      `${project} has no environment ${environment}; there are ${Object.keys(environments).join(', ')}.`,
    );
  const attribute = definition.unit ?? 'targetingKey';
  const kept = isPersonal(attribute, attributes) ? await pseudonymOf(attribute, unit, unitKeyFile) : unit;
  return { environments: definition.environments, unit: kept };
}

/** What stands within a personal attribute is personal too. */
function isPersonal(attribute: string, attributes: ProjectDefinition['attributes'] = {}): boolean {
  return Object.entries(attributes).some(
    ([name, { personal }]) => personal && (attribute === name || attribute.startsWith(`${name}.`)),
  );
}

async function pseudonymOf(attribute: string, unit: string, keyFile: string | undefined): Promise<string> {
  if (unit.startsWith('hmac:')) return unit;
  if (keyFile !== undefined) return pseudonym(await readUnitKey(keyFile), attribute, unit);
  throw new UsageError(
    `the unit of this experiment, ${attribute}, is personal: the database has pseudonyms alone. ` +
      'Give --unit-key-file, the key that the relays have.',
  );
}

/** The unit is not said again: it may be a personal one. */
function linesOf({ environment, arm, at, revision, crossover }: Found): string[] {
  const decided = revision === null ? '' : `  (revision ${revision})`;
  const lines = [`${styled('bold', printable(arm, 200))} in ${environment} since ${at}${decided}`];
  if (crossover) {
    lines.push(
      `    crossed over to ${printable(crossover.arm, 200)} at ${crossover.at}; an analysis counts the unit apart`,
    );
  }
  return lines;
}
