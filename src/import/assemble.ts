// From what an importer made of each flag and segment to an import that `check` accepts: whatever it would refuse is left out, and told.
import { loadDefinitions } from '../definitions/load.ts';
import { limits, type SourceFile } from '../definitions/source-file.ts';
import { UsageError } from '../lib/errors.ts';
import { ticked } from '../lib/printable.ts';
import type { Condition, FlagEnvironment } from '../model/definitions.gen.ts';
import { inferAttributes } from './attributes.ts';
import type { Imported, ImportedBody, ImportedDefinition, ReportItem } from './imported.ts';
import { outcomesOf } from './steps.ts';

/** A definition as an importer made it. */
export type Entry = {
  /** The place in the other system's file. */
  what: string;
  /** Its name there. */
  name: string;
} & ImportedBody;

export interface Assembly {
  /** The system's name in sentences. */
  system: string;
  /** How the system looks at contexts where Halyard does not: a part of a sentence, after its name. */
  contexts: string;
  environments: readonly string[];
  entries: readonly Entry[];
  report: readonly ReportItem[];
  /** Attributes that hold lists, where that is known. */
  lists?: ReadonlySet<string>;
}

/** What has errors, or needs what is left out, is left out too. Throws UsageError where the environments cannot be. */
export function assemble({
  system,
  contexts,
  environments,
  entries,
  report: reported,
  lists,
}: Assembly): Imported {
  let report = [...reported];
  let definitions = entries.map((entry) => definitionOf(entry, system)).sort(byKindAndKey);
  let verdict = judged(definitions, environments, lists);
  while ('refused' in verdict) {
    const { refused } = verdict;
    for (const { path, origin } of definitions) {
      const [what, reason] = [placeOf(origin, system), refused.get(path)];
      if (reason === undefined) continue;
      // What was to be told of it, had it been carried over, is not.
      report = report.filter((item) => item.what !== what);
      report.push({ what, kind: 'left-out', reason });
    }
    const left = definitions.filter(({ path }) => !refused.has(path));
    // A fault of no single definition: there are too many, or an environment's name is none.
    if (left.length === definitions.length) throw new UsageError([...refused.values()].join(' '));
    definitions = left;
    verdict = judged(definitions, environments, lists);
  }
  const carried = new Set(definitions.map(({ origin }) => placeOf(origin, system)));
  for (const entry of entries) if (carried.has(entry.what)) report.push(...carriedItems(entry));
  const { attributes, unchecked } = verdict;
  if (unchecked !== undefined) report.push({ what: 'project.yaml', kind: 'changed', reason: unchecked });
  if (definitions.some(hasCondition))
    report.push({
      what: 'context',
      kind: 'changed',
      reason: `A condition holds for a list when it does for one of its elements, null is a missing attribute, and a unit is a text, a whole number or a boolean. ${system} ${contexts}.`,
    });
  return { ...(attributes && { attributes }), environments: [...environments], definitions, report };
}

type Verdict =
  | { refused: ReadonlyMap<string, string> }
  | { attributes?: NonNullable<Imported['attributes']>; unchecked?: string };

/** What must be left out, by path; or else the attributes, or why no declarations fit all conditions. */
function judged(
  definitions: readonly ImportedDefinition[],
  environments: readonly string[],
  lists?: ReadonlySet<string>,
): Verdict {
  const missing = missingReferences(definitions);
  if (missing.size > 0) return { refused: missing };
  const inferred = inferAttributes(definitions, lists);
  let because: string | undefined;
  if ('attributes' in inferred) {
    const { attributes } = inferred;
    const [reason] = refusals(definitions, environments, attributes).values();
    if (reason === undefined) return { attributes };
    because = reason;
  } else because = `${ticked(inferred.conflict)} is used as a ${inferred.types.join(' and as a ')}.`;
  const refused = refusals(definitions, environments);
  if (refused.size > 0) return { refused };
  return {
    unchecked: `No attributes are declared, so that conditions are not type-checked: ${because}`,
  };
}

function hasCondition({ kind, value }: ImportedBody): boolean {
  if (kind === 'experiment') return false;
  if (kind === 'segment') return value.if !== undefined;
  return Object.values(value.environments ?? {}).some(({ rules }) => rules?.some((rule) => rule.if));
}

function definitionOf(entry: Entry, system: string): ImportedDefinition {
  const key = keyOf(entry);
  const folder = { flag: '', segment: 'segments/', experiment: 'experiments/' }[entry.kind];
  return { ...entry, path: `${folder}${key}.yaml`, key, origin: `${system}: ${entry.what}` };
}

function keyOf(body: ImportedBody): string {
  if (body.kind === 'flag') return body.value.flag;
  return body.kind === 'segment' ? body.value.segment : body.value.experiment;
}

function placeOf(origin: string, system: string): string {
  return origin.slice(system.length + 2);
}

function byKindAndKey(a: ImportedDefinition, b: ImportedDefinition): number {
  const [left, right] = [`${a.kind} ${a.key}`, `${b.kind} ${b.key}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

function carriedItems(entry: Entry): ReportItem[] {
  const { what, name, kind } = entry;
  const key = keyOf(entry);
  const kept: ReportItem = { what, kind: 'kept', reason: `It is the ${kind} ${ticked(key)}.` };
  if (key === name) return [kept];
  const asks = kind === 'flag' ? ' Apps must ask for the new key.' : '';
  return [
    kept,
    { what, kind: 'renamed', reason: `The ${kind} ${ticked(name)} is ${ticked(key)} here.${asks}` },
  ];
}

/** Why definitions must be left out, by path; empty where all can stay. */
function refusals(
  definitions: readonly ImportedDefinition[],
  environments: readonly string[],
  attributes?: Imported['attributes'],
): Map<string, string> {
  const refused = new Map<string, string>();
  const encoder = new TextEncoder();
  const files: SourceFile[] = [];
  for (const { path, value } of definitions) {
    const content = encoder.encode(JSON.stringify(value));
    if (content.length <= limits.fileBytes) files.push({ path, kind: 'file', content });
    else refused.set(path, `It is larger than ${limits.fileBytes / 1024} KB, which no definition may be.`);
  }
  const project = {
    project: 'imported/imported',
    environments: Object.fromEntries(environments.map((name) => [name, { salt: 'salt' }])),
    ...(attributes && { attributes }),
  };
  files.push({ path: 'project.yaml', kind: 'file', content: encoder.encode(JSON.stringify(project)) });
  for (const { file, severity, message } of loadDefinitions(files).problems)
    if (severity === 'error' && !refused.has(file))
      refused.set(file, `As a definition it is refused: ${message}`);
  return refused;
}

/** A definition that needs another one which is left out. */
function missingReferences(definitions: readonly ImportedDefinition[]): Map<string, string> {
  const keys = new Set(definitions.map(({ kind, key }) => `${kind} ${key}`));
  const refused = new Map<string, string>();
  for (const definition of definitions) {
    const missing = [...neededBy(definition)].find((name) => !keys.has(name));
    if (missing === undefined) continue;
    const [kind = '', key = ''] = missing.split(' ');
    refused.set(definition.path, `It needs the ${kind} ${ticked(key)}, which is left out.`);
  }
  return refused;
}

/** Each as its kind and key. */
function neededBy({ kind, value }: ImportedBody): Set<string> {
  const needed = new Set<string>();
  if (kind === 'segment') segmentsOf(value.if, needed);
  else if (kind === 'experiment') needed.add(`flag ${value.flag}`);
  else {
    for (const { flag } of value.requires ?? []) needed.add(`flag ${flag}`);
    for (const environment of Object.values(value.environments ?? {})) addNeeded(environment, needed);
  }
  return needed;
}

function addNeeded(environment: FlagEnvironment, needed: Set<string>): void {
  for (const outcome of outcomesOf(environment))
    if ('experiment' in outcome) needed.add(`experiment ${outcome.experiment}`);
  for (const rule of environment.rules ?? []) segmentsOf(rule.if, needed);
}

function segmentsOf(condition: Condition | undefined, found: Set<string>): void {
  if (condition === undefined || 'attribute' in condition) return;
  if ('segment' in condition) found.add(`segment ${condition.segment}`);
  else if ('not' in condition) segmentsOf(condition.not, found);
  else for (const child of 'and' in condition ? condition.and : condition.or) segmentsOf(child, found);
}
