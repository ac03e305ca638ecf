// Flag definitions of flagd (JSON or YAML) as definitions.
import { UsageError } from '../../lib/errors.ts';
import type { JsonValue } from '../../lib/json.ts';
import { printable } from '../../lib/printable.ts';
import { assemble, type Entry } from '../assemble.ts';
import { unreadItems } from '../described.ts';
import { plainEnvironments } from '../environments.ts';
import type { Imported, ImportOptions, ReportItem } from '../imported.ts';
import { keysFor } from '../names.ts';
import { asFile, isObject, type JsonObject, readForeign, textMember } from '../read.ts';
import { orLeftOut } from '../untranslatable.ts';
import { conditionOf } from './condition.ts';
import { flagOf } from './flag.ts';
import { LARGEST_EXPRESSION, type Scope } from './scope.ts';

const READ = new Set(['$schema', 'flags', '$evaluators']);

/** Throws UsageError where the text is no flag definitions of flagd. */
export function importFlagd(text: string, options: ImportOptions): Imported {
  const environments = plainEnvironments(options);
  const file = asFile(readForeign(text), 'an object with `flags`');
  const flags = flagsOf(file);
  const report: ReportItem[] = [];
  const evaluators = new Map(Object.entries(isObject(file.$evaluators) ? file.$evaluators : {}));
  const segments = segmentsOf(evaluators, report);
  const shared = { evaluators, open: new Set<string>(), segments: keysOf(segments) };
  const keys = keysFor(flags.map(({ name }) => name));
  const entries: Entry[] = segments;
  for (const { name, flag } of flags) {
    const what = `flags.${printable(name)}`;
    const notes = new Map<string, ReportItem>();
    const scope: Scope = { ...shared, what, flagKey: name, notes, budget: { left: LARGEST_EXPRESSION } };
    const value = orLeftOut(what, report, () => flagOf(flag, keys.get(name) ?? name, environments, scope));
    if (!value) continue;
    entries.push({ what, name, kind: 'flag', value });
    report.push(...notes.values());
  }
  report.push(...unreadItems(file, READ));
  return assemble({ system: 'flagd', contexts: CONTEXTS, environments, entries, report });
}

/** By key, or as a list of flags that name theirs. */
function flagsOf({ flags = null }: JsonObject): { name: string; flag: JsonValue }[] {
  if (isObject(flags)) return Object.entries(flags).map(([name, flag]) => ({ name, flag }));
  if (!Array.isArray(flags)) throw new UsageError('the file is not what was expected: it has no `flags`');
  return flags.map((flag, index) => ({
    name: (isObject(flag) && textMember(flag, 'key')) || `#${index + 1}`,
    flag,
  }));
}

type SegmentEntry = Entry & { kind: 'segment' };

/** The shared evaluators that are conditions. The others are written out where they are used. */
function segmentsOf(evaluators: ReadonlyMap<string, JsonValue>, report: ReportItem[]): SegmentEntry[] {
  const keys = keysFor(evaluators.keys());
  const segments: SegmentEntry[] = [];
  for (const [name, logic] of evaluators) {
    const what = `$evaluators.${printable(name)}`;
    const [open, none, notes] = [new Set([name]), new Map<string, string>(), new Map<string, ReportItem>()];
    const scope = { what, evaluators, open, segments: none, notes, budget: { left: LARGEST_EXPRESSION } };
    const condition = orLeftOut(what, [], () => conditionOf(logic, scope));
    if (typeof condition !== 'object') continue;
    const segment = keys.get(name) ?? name;
    segments.push({ what, name, kind: 'segment', value: { segment, if: condition } });
    report.push(...notes.values());
  }
  return segments;
}

function keysOf(segments: readonly SegmentEntry[]): Map<string, string> {
  return new Map(segments.map(({ name, value }) => [name, value.segment]));
}

const CONTEXTS =
  'compares a list as a whole but for `in`, its `missing` finds null, and its splits are by texts, which `cat` makes of anything';
