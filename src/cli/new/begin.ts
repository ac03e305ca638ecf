// What each `halyard new` does: looks what the project has, and writes the file.
import { randomBytes } from 'node:crypto';
import { type NewExperiment, newExperiment } from '../../authoring/new/experiment.ts';
import { type FlagType, newFlag } from '../../authoring/new/flag.ts';
import { keyFault } from '../../authoring/new/key.ts';
import { type NewMetric, newMetric } from '../../authoring/new/metric.ts';
import { newProject } from '../../authoring/new/project.ts';
import { newSegment } from '../../authoring/new/segment.ts';
import { hintFor } from '../../definitions/suggest.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';
import { withPath } from '../path-option.ts';
import { type Common, create, write } from './create.ts';
import { definitionOf, keysOf, readWorkplace, type Workplace } from './workplace.ts';

/** Texts that are given, and no others. */
interface Texts {
  description?: string;
  owner?: string;
}

const DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;

export async function beginFlag(
  key: string,
  options: Common & Texts & { type: FlagType; permanent?: true; expires?: string },
): Promise<void> {
  const place = await readWorkplace(options.path);
  const expires = options.expires ?? new Date(Date.now() + DAYS * DAY_MS).toISOString().slice(0, 10);
  const flag = { key, ...texts(options), type: options.type, ...(!options.permanent && { expires }) };
  const next = `Next: say who gets what, and see whom it reaches: ${withPath('halyard plan', options.path)}`;
  const text = (schema: object) => newFlag({ ...flag, ...schema }, place.project);
  await create({ kind: 'flag', key, next, text }, place, options);
}

export async function beginSegment(key: string, options: Common & Texts): Promise<void> {
  const place = await readWorkplace(options.path);
  const next = `Next: say who is in it, and use it in a rule: \`if: { segment: ${key} }\``;
  const text = (schema: object) => newSegment({ key, ...texts(options), ...schema }, place.project);
  await create({ kind: 'segment', key, next, text }, place, options);
}

export async function beginMetric(
  key: string,
  options: Common & Texts & Pick<NewMetric, 'type' | 'direction'> & { event?: string },
): Promise<void> {
  const place = await readWorkplace(options.path);
  const { type, direction, event = key } = options;
  const experiment = `halyard new experiment <key> --flag <flag> --metric ${key}`;
  const next = `Next: name it in an experiment, or begin one: ${withPath(experiment, options.path)}`;
  const text = (schema: object) => newMetric({ key, ...texts(options), type, direction, event, ...schema });
  await create({ kind: 'metric', key, next, text }, place, options);
}

interface ExperimentOptions extends Common, Pick<NewExperiment, 'owner' | 'hypothesis'> {
  flag: string;
  metric?: string;
  environment?: string;
}

export async function beginExperiment(key: string, options: ExperimentOptions): Promise<void> {
  const place = await readWorkplace(options.path);
  const { body: flag } = definitionOf(place.loaded, 'flag', options.flag);
  const metric = metricOf(place, options.metric);
  const environment = environmentOf(place, options.environment);
  const { owner, hypothesis } = options;
  const given = {
    key,
    ...(owner !== undefined && { owner }),
    ...(hypothesis !== undefined && { hypothesis }),
  };
  const next = `Next: send units to it by a rule of ${options.flag}, \`then: { experiment: ${key} }\`, and set its status to \`running\`.`;
  const text = (schema: object) => newExperiment({ ...given, flag, metric, environment, ...schema });
  await create({ kind: 'experiment', key, next, text }, place, options);
}

function metricOf({ loaded }: Workplace, key: string | undefined): string {
  if (key !== undefined) return definitionOf(loaded, 'metric', key).key;
  const [only, another] = keysOf(loaded, 'metric');
  if (only === undefined)
    throw new UsageError('there is no metric that could decide: begin one with `halyard new metric`');
  if (another === undefined) return only;
  throw new UsageError(
    `--metric says which metric decides. There are: ${keysOf(loaded, 'metric').map(ticked).join(', ')}`,
  );
}

function environmentOf({ project }: Workplace, name: string | undefined): string {
  const names = Object.keys(project.environments);
  if (name === undefined) return names.at(-1) ?? '';
  if (names.includes(name)) return name;
  throw new UsageError(
    `the project has no environment ${ticked(name)}. ${hintFor(name, names, '', 'It has')}`,
  );
}

export async function beginProject(
  name: string,
  options: Common & { environments: string[] },
): Promise<void> {
  const [organization = '', project, ...rest] = name.split('/');
  if (project === undefined || rest.length > 0) {
    throw new UsageError(`a project is named organization/name, such as acme/shop, and not ${ticked(name)}`);
  }
  for (const key of [organization, project, ...options.environments]) {
    const fault = keyFault(key);
    if (fault !== undefined) throw new UsageError(fault);
  }
  const salts = new Map(options.environments.map((each) => [each, randomBytes(3).toString('hex')]));
  const text = (schema: object) => newProject({ name, salts, ...schema });
  const next = `Next: ${withPath('halyard new flag <key>', options.path)}`;
  await write({ kind: 'project', key: name, next, text }, 'project.yaml', options);
}

function texts({ description, owner }: Texts): Texts {
  return { ...(description !== undefined && { description }), ...(owner !== undefined && { owner }) };
}
