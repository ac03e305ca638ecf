// Features of Unleash (JSON) as definitions.
import { printable } from '../../lib/printable.ts';
import type { FlagDefinition } from '../../model/definitions.gen.ts';
import { assemble, type Entry } from '../assemble.ts';
import { namedEnvironments, plainEnvironments } from '../environments.ts';
import type { Imported, ImportOptions, ReportItem } from '../imported.ts';
import { keysFor, untaken } from '../names.ts';
import { both } from '../steps.ts';
import { orLeftOut } from '../untranslatable.ts';
import { guardOf } from './constraint.ts';
import { enabledFlag, variantFlag } from './feature.ts';
import { readUnleash, type Segment } from './file.ts';
import type { Scope } from './scope.ts';

/** Throws UsageError where the text is no features of Unleash. */
export function importUnleash(text: string, options: ImportOptions): Imported {
  const report: ReportItem[] = [];
  const file = readUnleash(text, report);
  const toggleNames =
    file.environments.length > 0
      ? namedEnvironments(file.environments, options)
      : new Map(plainEnvironments(options).map((key) => [key, '']));
  const entries: Entry[] = segmentEntries(file.segments, report);
  const segments = new Map(file.segments.map((segment) => [segment.id, segment]));
  const made = new Map(entries.map(({ what, value }) => [what, 'segment' in value ? value.segment : '']));
  const keys = keysFor(file.features.map(({ name }) => name));
  const taken = new Set(keys.values());
  const features = new Map(file.features.map((feature) => [feature.name, feature]));
  const variantKeys = new Map<string, string>();
  for (const [name, key] of keys) {
    const variantKey = untaken(`${key.slice(0, 92)}-variant`, taken);
    taken.add(variantKey);
    variantKeys.set(name, variantKey);
  }
  const shared = {
    segments,
    segmentKeys: new Map(file.segments.flatMap(({ id }) => [...pairOf(id, made.get(placeOfSegment(id)))])),
  };
  const context = { features, keys, variantKeys, toggleNames };
  for (const feature of file.features) {
    const take = (what: string, name: string, make: (scope: Scope) => FlagDefinition | undefined) => {
      const scope: Scope = { ...shared, what, notes: new Map() };
      const value = orLeftOut(what, report, () => make(scope));
      if (!value) return false;
      entries.push({ what, name, kind: 'flag', value });
      report.push(...scope.notes.values());
      return true;
    };
    const what = `features.${printable(feature.name)}`;
    const isTaken = take(what, feature.name, (scope) => enabledFlag(feature, context, scope));
    const variantKey = variantKeys.get(feature.name) ?? '';
    if (isTaken) take(`${what}.variants`, variantKey, (scope) => variantFlag(feature, context, scope));
  }
  if (entries.length > 0) report.push(CONTEXT);
  return assemble({
    system: 'Unleash',
    contexts: CONTEXTS,
    environments: [...toggleNames.keys()],
    entries,
    report,
  });
}

const CONTEXT: ReportItem = {
  what: 'context',
  kind: 'renamed',
  reason:
    '`userId` is `targetingKey`, and each of `properties` is an attribute of its name. Apps send `appName`, `environment`, `sessionId` and `remoteAddress` themselves.',
};

function placeOfSegment(id: number): string {
  return `segments.${id}`;
}

function pairOf(id: number, key: string | undefined): [number, string][] {
  return key === undefined ? [] : [[id, key]];
}

/** The segments without a time; the others are written out where they are used. */
function segmentEntries(segments: readonly Segment[], report: ReportItem[]): Entry[] {
  const keys = keysFor(segments.map(({ name }) => name));
  return segments.flatMap(({ id, name, constraints }): Entry[] => {
    if (!constraints) return [];
    const [what, notes] = [placeOfSegment(id), new Map<string, ReportItem>()];
    const scope = { what, notes, segments: new Map(), segmentKeys: new Map() };
    const guards = orLeftOut(what, [], () => constraints.map((constraint) => guardOf(constraint, scope)));
    if (!guards) return [];
    const { when, fromMs, untilMs } = guards.reduce(both, { when: true });
    if (typeof when !== 'object' || fromMs !== undefined || untilMs !== undefined) return [];
    report.push(...notes.values());
    const segment = keys.get(name) ?? name;
    return [{ what, name, kind: 'segment', value: { segment, if: when } }];
  });
}

const CONTEXTS =
  'compares a list as one text with commas, takes no attribute from within an object, and deals by any value';
