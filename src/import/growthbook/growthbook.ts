// The payload that GrowthBook gives its SDKs (JSON) as definitions.
import { UsageError } from '../../lib/errors.ts';
import type { JsonValue } from '../../lib/json.ts';
import { printable } from '../../lib/printable.ts';
import { assemble, type Entry } from '../assemble.ts';
import { unreadItems } from '../described.ts';
import { plainEnvironments } from '../environments.ts';
import type { Imported, ImportOptions, ReportItem } from '../imported.ts';
import { keysFor } from '../names.ts';
import { asFile, isObject, type JsonObject, member, objectsIn, readForeign } from '../read.ts';
import { orLeftOut } from '../untranslatable.ts';
import { ExperimentNames } from './experiments.ts';
import { type FeatureContext, featureEntries } from './feature.ts';
import { GroupSegments } from './groups.ts';
import { renamed } from './rename.ts';
import type { Scope } from './scope.ts';
import { variationsIn } from './variations.ts';

/** Throws UsageError where the text is no payload of GrowthBook, or an encrypted one. */
export function importGrowthBook(text: string, options: ImportOptions): Imported {
  const file = asFile(readForeign(text), 'an object with `features`');
  const environments = plainEnvironments(options);
  const report: ReportItem[] = [];
  const features = featuresOf(file).filter(([name, feature]) =>
    isReadable(`features.${printable(name)}`, feature, report),
  );
  const savedGroups = member(file, 'savedGroups');
  const [segments, lists] = [new GroupSegments(), new Set<string>()];
  const variations = new Map(
    features.flatMap(([name, feature]) =>
      isObject(feature) ? [[name, variationsIn(feature)] as const] : [],
    ),
  );
  const context: FeatureContext = {
    environments,
    variations,
    keys: keysFor(features.map(([name]) => name)),
    experiments: new ExperimentNames(features),
  };
  const entries: Entry[] = [];
  for (const [name, feature] of features) {
    const scope: Scope = {
      what: `features.${printable(name)}`,
      notes: new Map(),
      lists,
      savedGroups: isObject(savedGroups) ? savedGroups : {},
      segments,
      open: new Set(),
    };
    const made = orLeftOut(scope.what, report, () => featureEntries(name, feature, context, scope));
    if (!made) continue;
    entries.push(...made);
    report.push(...scope.notes.values());
  }
  const groups = segments.definitions().map((each): Entry => ({ ...each, kind: 'segment' }));
  if (entries.length > 0) report.push(CONTEXT);
  report.push(...unreadItems(file, READ));
  const settled = renamed([...groups, ...entries], segments.keys());
  return assemble({
    system: 'GrowthBook',
    contexts: CONTEXTS,
    lists,
    environments,
    entries: settled,
    report,
  });
}

const READ = new Set(['status', 'features', 'savedGroups', 'dateUpdated']);

const CONTEXT: ReportItem = {
  what: 'context',
  kind: 'renamed',
  reason: '`id` is `targetingKey`; all other attributes keep their names.',
};

/** Whether its rules are rules; if not, that is told. */
function isReadable(what: string, feature: JsonValue, report: ReportItem[]): boolean {
  const rules = orLeftOut(what, report, () => {
    const list = isObject(feature) ? objectsIn(member(feature, 'rules')) : [];
    for (const rule of list) objectsIn(member(rule, 'parentConditions'));
    return list;
  });
  return rules !== undefined;
}

function featuresOf(file: JsonObject): [string, JsonValue][] {
  if (member(file, 'encryptedFeatures') !== undefined && !isObject(member(file, 'features')))
    throw new UsageError(
      'the features are encrypted: take the payload of an SDK connection without encryption',
    );
  const features = member(file, 'features');
  if (isObject(features)) return Object.entries(features);
  const hint = Array.isArray(features)
    ? ' by key: take the payload of an SDK connection, /api/features/sdk-…'
    : '';
  throw new UsageError(`the file is not what was expected: it has no \`features\`${hint}`);
}

const CONTEXTS =
  'compares a list as a whole but for `$in`, `$all` and `$elemMatch`, and deals by any value but 0, false and an empty text';
