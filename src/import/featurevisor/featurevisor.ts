// Features and segments of Featurevisor, of a datafile or of a project's folder, as definitions.
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import { assemble, type Entry } from '../assemble.ts';
import { namedEnvironments, plainEnvironments } from '../environments.ts';
import type { Imported, ImportOptions, ReportItem } from '../imported.ts';
import type { Logic } from '../logic.ts';
import { keysFor } from '../names.ts';
import type { Noted } from '../notes.ts';
import { orLeftOut } from '../untranslatable.ts';
import { conditionOf } from './condition.ts';
import { readDatafile } from './datafile.ts';
import { enabledFlag } from './enabled.ts';
import type { Feature, Project } from './model.ts';
import { type ForeignFile, readProject } from './project.ts';
import type { FeatureContext } from './shared.ts';
import { variableFlag } from './variable.ts';
import { variationFlag } from './variation.ts';

/** Throws UsageError where the text is no datafile of Featurevisor. */
export function importFeaturevisor(text: string, options: ImportOptions): Imported {
  const report: ReportItem[] = [];
  return importProject(readDatafile(text, report), options, report);
}

/** `files` are those of a project's folder. Throws UsageError where one of them is no YAML. */
export function importFeaturevisorProject(files: readonly ForeignFile[], options: ImportOptions): Imported {
  const report: ReportItem[] = [];
  return importProject(readProject(files, report), options, report);
}

function importProject(project: Project, options: ImportOptions, report: ReportItem[]): Imported {
  const environments =
    project.environments.length > 0
      ? namedEnvironments(project.environments, options)
      : new Map(plainEnvironments(options).map((key) => [key, '']));
  const entries: Entry[] = [];
  const lists = new Set<string>();
  const segments = segmentEntries(project, entries, report, lists);
  const keys = flagKeys(project.features);
  const context: FeatureContext = {
    features: new Map(project.features.map((feature) => [feature.key, feature])),
    keyOf: (feature, part) => keys.get(nameOf(feature, part)) ?? '',
    segments,
    environments,
    lists,
  };
  for (const feature of project.features) takeFeature(feature, context, entries, report);
  if (entries.length > 0) report.push(CONTEXT);
  return assemble({
    system: 'Featurevisor',
    contexts: CONTEXTS,
    lists,
    environments: [...environments.keys()],
    entries,
    report,
  });
}

const CONTEXT: ReportItem = {
  what: 'context',
  kind: 'renamed',
  reason: '`userId` is `targetingKey`; all other attributes keep their names.',
};

/** The flag of a feature itself, or of a part of it. */
function nameOf(feature: string, part?: string): string {
  return part === undefined ? feature : `${feature} ${part}`;
}

function flagKeys(features: readonly Feature[]): Map<string, string> {
  return keysFor(
    features.flatMap(({ key, variations, variablesSchema }) => [
      key,
      ...(variations.length > 0 ? [nameOf(key, 'variation')] : []),
      ...[...variablesSchema.keys()].map((name) => nameOf(key, name)),
    ]),
  );
}

function takeFeature(
  feature: Feature,
  context: FeatureContext,
  entries: Entry[],
  report: ReportItem[],
): void {
  const take = (part: string | undefined, make: (place: Noted) => FlagDefinition | undefined) => {
    const place: Noted = {
      what: part === undefined ? feature.what : `${feature.what}.${part}`,
      notes: new Map(),
      lists: context.lists,
    };
    const value = orLeftOut(place.what, report, () => make(place));
    if (!value) return false;
    entries.push({
      what: place.what,
      name: part === undefined ? feature.key : value.flag,
      kind: 'flag',
      value,
    });
    report.push(...place.notes.values());
    return true;
  };
  if (!take(undefined, (place) => enabledFlag(feature, context, place))) return;
  take('variation', (place) => variationFlag(feature, context, place));
  for (const name of feature.variablesSchema.keys())
    take(`variables.${name}`, (place) => variableFlag(feature, name, context, place));
}

/** What each segment is in a condition. Those that hold for everyone or nobody are no definitions. */
function segmentEntries(
  { segments }: Project,
  entries: Entry[],
  report: ReportItem[],
  lists: Set<string>,
): Map<string, Logic> {
  const keys = keysFor(segments.keys());
  const logics = new Map<string, Logic>();
  for (const [name, { description, conditions }] of segments) {
    const place: Noted = { what: `segments.${name}`, notes: new Map(), lists };
    const logic = orLeftOut(place.what, report, () => conditionOf(conditions, place));
    if (logic === undefined) continue;
    const segment = keys.get(name) ?? name;
    logics.set(name, typeof logic === 'object' ? { segment } : logic);
    if (typeof logic !== 'object') continue;
    const value = { segment, ...(description && { description }), if: logic };
    entries.push({ what: place.what, name, kind: 'segment', value });
    report.push(...place.notes.values());
  }
  return logics;
}

const CONTEXTS =
  'compares a list as a whole but for `includes`, takes null for a value, and deals by any value';
