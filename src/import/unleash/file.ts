// The three forms in which Unleash gives features away, read into one: an export, the client API's, and the admin API's.
import { UsageError } from '../../lib/errors.ts';
import { printable } from '../../lib/printable.ts';
import { unread, unreadItems } from '../described.ts';
import type { ReportItem } from '../imported.ts';
import type { JsonObject } from '../read.ts';
import { asFile, isObject, member, objectsIn, readForeign, textMember, textsIn } from '../read.ts';
import { orLeftOut } from '../untranslatable.ts';

/** A feature in one environment. */
export interface Toggle {
  enabled: boolean;
  strategies: JsonObject[];
  variants: JsonObject[];
}

export interface Dependency {
  feature: string;
  enabled: boolean;
  variants: string[];
}

export interface Feature {
  name: string;
  description?: string;
  tags: string[];
  /** Members that have no place. */
  unread: string[];
  dependencies: Dependency[];
  /** By the environment's name; by `''` where the file does not name one. */
  toggles: ReadonlyMap<string, Toggle>;
}

export interface Segment {
  id: number;
  name: string;
  /** Absent where the file only names the segment. */
  constraints?: JsonObject[];
}

export interface UnleashFile {
  features: Feature[];
  segments: Segment[];
  /** Empty where the file names none. */
  environments: string[];
}

const READ_OF_FILE = new Set([
  ...['version', 'features', 'segments', 'query', 'meta'],
  ...['featureStrategies', 'featureEnvironments', 'featureTags', 'dependencies'],
]);

/** Features that are not understood are left out, and told. Throws UsageError where the text is none of the three. */
export function readUnleash(text: string, report: ReportItem[]): UnleashFile {
  const value = readForeign(text);
  const file = Array.isArray(value) ? { features: value } : asFile(value, 'an object with `features`');
  const list = member(file, 'features') ?? (textMember(file, 'name') ? [file] : undefined);
  if (!Array.isArray(list)) throw new UsageError('the file is not what was expected: it has no `features`');
  const objects = objectsIn(list);
  if (list === member(file, 'features')) report.push(...unreadItems(file as JsonObject, READ_OF_FILE));
  const read = member(file, 'featureStrategies') === undefined ? apiFeature : exported(file);
  const features = objects.flatMap((feature, index) => {
    const name = textMember(feature, 'name');
    if (feature.archived === true) {
      report.push({
        what: `features.${printable(name ?? String(index))}`,
        kind: 'ignored',
        reason: 'It is archived.',
      });
      return [];
    }
    if (name !== undefined)
      return orLeftOut(`features.${printable(name)}`, report, () => read(feature)) ?? [];
    report.push({ what: `features[${index}]`, kind: 'left-out', reason: 'It has no name.' });
    return [];
  });
  const environments = [...new Set(features.flatMap(({ toggles }) => [...toggles.keys()]))].filter(Boolean);
  const segments = objectsIn(member(file, 'segments')).flatMap((segment) => {
    return orLeftOut(`segments.${segment.id}`, report, () => segmentOf(segment)) ?? [];
  });
  return { features, segments, environments };
}

function segmentOf(segment: JsonObject): Segment {
  const constraints = member(segment, 'constraints');
  return {
    id: Number(segment.id),
    name: textMember(segment, 'name') ?? `segment-${segment.id}`,
    ...(constraints !== undefined && { constraints: objectsIn(constraints) }),
  };
}

/** The client API's feature is for the environment of its token; the admin API's has a list of them. */
function apiFeature(feature: JsonObject): Feature {
  const environments = objectsIn(member(feature, 'environments'));
  const toggles = environments.map((each): [string, Toggle] => [
    textMember(each, 'name') ?? '',
    toggleOf(each),
  ]);
  return {
    ...describedBy(feature),
    dependencies: dependenciesOf(feature),
    toggles: new Map(toggles.length > 0 ? toggles : [['', toggleOf(feature)]]),
  };
}

function toggleOf(object: JsonObject): Toggle {
  return {
    enabled: object.enabled === true,
    strategies: objectsIn(member(object, 'strategies')),
    variants: objectsIn(member(object, 'variants')),
  };
}

/** An export has the strategies of one environment beside the features. */
function exported(file: JsonObject): (feature: JsonObject) => Feature {
  const by = (name: string, key = 'featureName') =>
    Map.groupBy(objectsIn(member(file, name)), (each) => String(each[key]));
  const strategies = by('featureStrategies');
  const environments = by('featureEnvironments');
  const [tags, dependencies] = [by('featureTags'), by('dependencies', 'feature')];
  return (feature) => {
    const name = String(feature.name);
    const toggles = (environments.get(name) ?? []).map((each): [string, Toggle] => [
      textMember(each, 'environment') ?? '',
      {
        enabled: each.enabled === true,
        variants: objectsIn(member(each, 'variants')),
        strategies: (strategies.get(name) ?? []).sort(
          (a, b) => Number(a.sortOrder ?? 0) - Number(b.sortOrder ?? 0),
        ),
      },
    ]);
    const tagged = (tags.get(name) ?? []).flatMap((tag) => textMember(tag, 'tagValue') ?? []);
    return {
      ...describedBy(feature),
      tags: tagged,
      dependencies: (dependencies.get(name) ?? []).flatMap(dependenciesOf),
      toggles: new Map(toggles),
    };
  };
}

const READ = new Set([
  ...[
    'name',
    'description',
    'tags',
    'archived',
    'enabled',
    'strategies',
    'variants',
    'environments',
    'dependencies',
  ],
]);

function describedBy(feature: JsonObject): Pick<Feature, 'name' | 'description' | 'tags' | 'unread'> {
  const description = textMember(feature, 'description');
  const tags = objectsIn(member(feature, 'tags')).flatMap((tag) => textMember(tag, 'value') ?? []);
  return {
    name: String(feature.name),
    ...(description && { description }),
    tags,
    unread: unread(feature, READ),
  };
}

function dependenciesOf(object: JsonObject): Dependency[] {
  const list = member(object, 'dependencies');
  return (Array.isArray(list) ? list.filter(isObject) : []).map((each) => ({
    feature: String(each.feature),
    enabled: each.enabled !== false,
    variants: textsIn(member(each, 'variants')),
  }));
}
