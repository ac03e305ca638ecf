// A project of Featurevisor as people write it: a folder with a file for each feature and each segment (YAML).
import { UsageError } from '../../lib/errors.ts';
import type { JsonValue } from '../../lib/json.ts';
import type { ReportItem } from '../imported.ts';
import { isObject, type JsonObject, member, objectsIn, readForeign, textMember } from '../read.ts';
import { orLeftOut, Untranslatable } from '../untranslatable.ts';
import { commonParts, ruleParts } from './datafile.ts';
import type { Feature, Project, Rule, Traffic } from './model.ts';

export interface ForeignFile {
  /** Relative to the project's folder, with `/` between its parts. */
  path: string;
  text: string;
}

const FILE = /^(features|segments|groups|schemas)\/(.+)\.ya?ml$/;

/** Features that are not understood are left out, and told. Throws UsageError where a file is no YAML, or there are none. */
export function readProject(files: readonly ForeignFile[], report: ReportItem[]): Project {
  const read = files.flatMap(({ path, text }) => {
    const [, kind, key] = FILE.exec(path) ?? [];
    return kind === undefined || key === undefined ? [] : [{ kind, key, path, value: fileOf(path, text) }];
  });
  const of = (kind: string) => read.filter((file) => file.kind === kind && file.value.archived !== true);
  for (const { path, value } of read)
    if (value.archived === true) report.push({ what: path, kind: 'ignored', reason: 'It is archived.' });
  if (of('features').length === 0) throw new UsageError('the folder has no features/*.yml');
  const schemas = new Map(of('schemas').map(({ key, value }) => [key, value]));
  const grouped = new Set(
    of('groups').flatMap(({ value }) => objectsIn(member(value, 'slots')).map(({ feature }) => feature)),
  );
  const features = of('features').flatMap(({ key, path, value }) => {
    return (
      orLeftOut(path, report, () => featureOf(key, path, withSchemas(value, schemas), grouped.has(key))) ?? []
    );
  });
  const segments = of('segments').map(({ key, value }) => {
    const description = textMember(value, 'description');
    return [
      key,
      { ...(description && { description }), conditions: member(value, 'conditions') ?? null },
    ] as const;
  });
  const environments = [...new Set(features.flatMap(({ traffic }) => [...traffic.keys()]))].filter(Boolean);
  return { segments: new Map(segments), features, environments };
}

function fileOf(path: string, text: string): JsonObject {
  try {
    const value = readForeign(text);
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The feature with the schemas that its variables only name. */
function withSchemas(feature: JsonObject, schemas: ReadonlyMap<string, JsonObject>): JsonObject {
  const variables = member(feature, 'variablesSchema');
  if (!isObject(variables)) return feature;
  const resolved = Object.entries(variables).map(([name, variable]): [string, JsonValue] => {
    const schema = isObject(variable) ? schemas.get(textMember(variable, 'schema') ?? '') : undefined;
    return [name, schema && isObject(variable) ? { ...schema, ...variable } : variable];
  });
  return { ...feature, variablesSchema: Object.fromEntries(resolved) };
}

function featureOf(key: string, path: string, value: JsonObject, isInGroup: boolean): Feature {
  if (member(value, 'rules') === undefined)
    throw new Untranslatable(
      '',
      'It has no `rules`: those of version 1 stand within `environments`, and must be moved as its migration guide says.',
    );
  const common = commonParts(key, path, value);
  const [rules, force, expose] = [member(value, 'rules'), member(value, 'force'), member(value, 'expose')];
  const names = isObject(rules) ? Object.keys(rules) : [''];
  const at = (parts: JsonValue | undefined, name: string) => (isObject(parts) ? member(parts, name) : parts);
  const traffic = names
    .filter((name) => at(expose, name) !== false)
    .map((name): [string, Traffic] => [
      name,
      {
        isInGroup,
        force: objectsIn(at(force, name)),
        rules: objectsIn(at(rules, name)).map((rule) => ruleOf(rule, common.variations)),
      },
    ]);
  return { ...common, traffic: new Map(traffic) };
}

function ruleOf(rule: JsonObject, variations: readonly JsonObject[]): Rule {
  const weights = member(rule, 'variationWeights');
  return {
    ...ruleParts(rule),
    percentage: Number(rule.percentage ?? 0),
    weights: variations.map(({ value, weight }) => {
      const own = isObject(weights) ? member(weights, String(value)) : undefined;
      return { variation: value ?? null, weight: Math.max(0, Number(own ?? weight ?? 0)) };
    }),
  };
}
