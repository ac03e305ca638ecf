// Flags of GO Feature Flag (YAML or JSON) as definitions.
import { printable } from '../../lib/printable.ts';
import { assemble, type Entry } from '../assemble.ts';
import { plainEnvironments } from '../environments.ts';
import type { Imported, ImportOptions, ReportItem } from '../imported.ts';
import { keysFor } from '../names.ts';
import type { Noted } from '../notes.ts';
import { asFile, readForeign } from '../read.ts';
import { orLeftOut } from '../untranslatable.ts';
import { flagOf } from './flag.ts';

/** Throws UsageError where the text is no flags of GO Feature Flag. */
export function importGoff(text: string, options: ImportOptions): Imported {
  const flags = Object.entries(asFile(readForeign(text), 'flags by key'));
  const environments = plainEnvironments(options);
  const keys = keysFor(flags.map(([name]) => name));
  const report: ReportItem[] = [];
  const entries: Entry[] = [];
  for (const [name, flag] of flags) {
    const place: Noted = { what: printable(name), notes: new Map() };
    const value = orLeftOut(place.what, report, () =>
      flagOf(flag, keys.get(name) ?? name, environments, place),
    );
    if (!value) continue;
    entries.push({ what: place.what, name, kind: 'flag', value });
    report.push(...place.notes.values());
  }
  return assemble({ system: 'GO Feature Flag', contexts: CONTEXTS, environments, entries, report });
}

const CONTEXTS = 'has no operator that holds for a list, and deals by texts alone';
