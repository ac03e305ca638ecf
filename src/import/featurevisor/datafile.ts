// A datafile of Featurevisor (JSON, schema version 2): one environment, compiled for its SDKs.
import { UsageError } from '../../lib/errors.ts';
import type { JsonValue } from '../../lib/json.ts';
import { printable } from '../../lib/printable.ts';
import { unread } from '../described.ts';
import type { ReportItem } from '../imported.ts';
import { asFile, isObject, type JsonObject, member, objectsIn, readForeign, textMember } from '../read.ts';
import { orLeftOut, Untranslatable } from '../untranslatable.ts';
import type { Feature, Project, Rule, Traffic } from './model.ts';

/** Buckets are counted in thousandths of a percent. */
const PER_PERCENT = 1000;

/** Features that are not understood are left out, and told. Throws UsageError where the text is no datafile. */
export function readDatafile(text: string, report: ReportItem[]): Project {
  const file = asFile(readForeign(text), 'a datafile');
  const [features, segments] = [member(file, 'features'), member(file, 'segments')];
  if (!isObject(features) || (segments !== undefined && !isObject(segments)))
    throw new UsageError(
      'the file is not what was expected: a datafile of schema version 2, with `features` by key',
    );
  const read = Object.entries(isObject(segments) ? segments : {}).map(([key, segment]) => {
    const conditions = isObject(segment) ? (member(segment, 'conditions') ?? null) : null;
    return [key, { conditions: unstringified(conditions) }] as const;
  });
  return {
    segments: new Map(read),
    features: Object.entries(features).flatMap(([key, feature]) => {
      const read = () => featureOf(key, isObject(feature) ? feature : {});
      return orLeftOut(`features.${printable(key)}`, report, read) ?? [];
    }),
    environments: [],
  };
}

function featureOf(key: string, feature: JsonObject): Feature {
  return { ...commonParts(key, `features.${key}`, feature), traffic: new Map([['', trafficOf(feature)]]) };
}

const READ = new Set([
  ...['key', 'description', 'tags', 'required', 'bucketBy', 'variations', 'variablesSchema', 'ranges'],
  ...['disabledVariationValue', 'traffic', 'rules', 'force', 'expose', 'archived', 'hash'],
]);

/** What a datafile and a file of a project say alike. */
export function commonParts(key: string, what: string, feature: JsonObject): Omit<Feature, 'traffic'> {
  const schema = member(feature, 'variablesSchema');
  const [description, disabled] = [
    textMember(feature, 'description'),
    member(feature, 'disabledVariationValue'),
  ];
  const [required, tags] = [member(feature, 'required'), member(feature, 'tags')];
  if (required !== undefined && !Array.isArray(required))
    throw new Untranslatable('', '`required` is no list.');
  if (schema !== undefined && !isObject(schema))
    throw new Untranslatable('', 'Its variables are not listed by key, as they are since version 2.');
  return {
    key,
    what,
    ...(description && { description }),
    unread: unread(feature, READ),
    tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [],
    bucketBy: member(feature, 'bucketBy') ?? null,
    required: required ?? [],
    ...(disabled !== undefined && { disabledVariationValue: disabled }),
    variablesSchema: new Map(
      Object.entries(isObject(schema) ? schema : {}).flatMap(([name, each]) =>
        isObject(each) ? [[name, each] as const] : [],
      ),
    ),
    variations: objectsIn(member(feature, 'variations')),
  };
}

function trafficOf(feature: JsonObject): Traffic {
  const ranges = member(feature, 'ranges');
  return {
    force: objectsIn(member(feature, 'force')).map(unstringifiedForce),
    rules: objectsIn(member(feature, 'traffic')).map(ruleOf),
    isInGroup: Array.isArray(ranges) && ranges.length > 0,
  };
}

function unstringifiedForce(force: JsonObject): JsonObject {
  const parts = ['conditions', 'segments'].filter((name) => member(force, name) !== undefined);
  return { ...force, ...Object.fromEntries(parts.map((name) => [name, unstringified(force[name] ?? null)])) };
}

function ruleOf(traffic: JsonObject): Rule {
  const allocation = objectsIn(member(traffic, 'allocation')).map((each) => {
    const [from = 0, to = 0] = Array.isArray(each.range) ? each.range.map(Number) : [];
    return { variation: each.variation ?? null, weight: Math.max(0, to - from) };
  });
  return {
    ...ruleParts(traffic),
    percentage: Number(traffic.percentage ?? 0) / PER_PERCENT,
    weights: allocation,
  };
}

/** What a rule of either form says alike. */
export function ruleParts(rule: JsonObject): Omit<Rule, 'percentage' | 'weights'> {
  const [enabled, variation] = [member(rule, 'enabled'), member(rule, 'variation')];
  const [variables, overrides] = [member(rule, 'variables'), member(rule, 'variableOverrides')];
  return {
    key: String(rule.key ?? ''),
    segments: unstringified(member(rule, 'segments') ?? null),
    ...(typeof enabled === 'boolean' && { enabled }),
    ...(variation !== undefined && { variation }),
    variables: isObject(variables) ? variables : {},
    overrides: isObject(overrides) ? overrides : {},
  };
}

/** Datafiles hold conditions as JSON within a text. */
function unstringified(value: JsonValue): JsonValue {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  return readForeign(value);
}
