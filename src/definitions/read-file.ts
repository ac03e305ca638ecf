// One file: from its bytes to a definition and everything that the file alone can tell.
import type { JsonValue } from '../lib/json.ts';
import { printable, ticked } from '../lib/printable.ts';
import type { Definition, DefinitionKind } from '../model/definition.ts';
import { problemCodes } from '../model/problem.ts';
import { findingsAlone } from './checks/alone.ts';
import { type Facts, inspect, NO_FACTS } from './checks/facts.ts';
import { Few } from './few.ts';
import type { Fault, Finding, Path } from './finding.ts';
import { parse } from './parse.ts';
import type { Offsets } from './positions.ts';
import { type Rest, salvage } from './salvage.ts';
import { limits } from './source-file.ts';
import { nearest } from './suggest.ts';
import { validate } from './validate.ts';
import { HOW_TO_BEGIN } from './yaml-faults.ts';

/** All of it follows from path and content, so an unchanged file is not read again. */
export interface ReadFile {
  path: string;
  content: Uint8Array;
  value: JsonValue;
  offsets: Offsets;
  faults: Fault[];
  findings: Finding[];
  /** How many more faults and findings there are than are kept. */
  omitted?: number;
  /** Present where the value has the shape of its kind, or is a project that has too many keys; there may be findings all the same. */
  definition?: Definition;
  facts: Facts;
}

const KINDS: readonly DefinitionKind[] = ['project', 'flag', 'segment', 'experiment', 'metric', 'access'];

/** Kinds of which a project has one definition at most, in a file of its own at the root. */
const ROOT_FILES = [
  { kind: 'project', path: 'project.yaml', article: 'A project', what: 'the project' },
  { kind: 'access', path: 'access.yaml', article: 'An access policy', what: 'the access policy' },
] as const;

export function readFile(path: string, content: Uint8Array): ReadFile {
  const file = readWhole(path, content);
  const faults = new Few(file.faults);
  const findings = new Few(file.findings);
  const omitted = faults.omitted + findings.omitted;
  return { ...file, faults: faults.kept, findings: findings.kept, ...(omitted > 0 && { omitted }) };
}

function readWhole(path: string, content: Uint8Array): ReadFile {
  const { value, offsets, faults, firstKey } = parse(content);
  const file = { path, content, value: value ?? null, offsets, faults, facts: NO_FACTS };
  if (value === undefined) return { ...file, findings: [] };
  const { kind, findings } = kindOf(path, value, firstKey);
  if (kind === undefined) return { ...file, findings };
  const shape = validate(kind, value);
  const body = value as { [key: string]: JsonValue };
  if (shape.length === 0) {
    const { definition, facts, meaning } = judge(kind, path, body);
    return { ...file, findings: [...findings, ...meaning], definition, facts };
  }
  findings.push(...shape);
  const rest = shape.length < limits.problemsOfFile ? salvage(kind, body) : undefined;
  return { ...file, findings, ...(rest && judgeRest(kind, path, rest, findings)) };
}

/** The schema of the kind holds for the body. */
function judge(kind: DefinitionKind, path: string, body: { [key: string]: JsonValue }) {
  const definition = { kind, key: keyOf(kind, body), path, body } as unknown as Definition;
  const { conditions, facts } = inspect(definition);
  const meaning = [...nameFindings(definition), ...findingsAlone(definition, conditions)];
  return { definition, facts, meaning };
}

/** What the kind's own key names; of an access policy that is its format, and there is only one. */
export function keyOf(kind: DefinitionKind, body: { readonly [key: string]: JsonValue }): JsonValue {
  return kind === 'access' ? 'access' : (body[kind] ?? null);
}

/** What the shape's faults leave: its errors, and what it says about other files. Its warnings may come of what is missing. */
function judgeRest(
  kind: DefinitionKind,
  path: string,
  { value, pathInWhole }: Rest,
  findings: readonly Finding[],
): Partial<ReadFile> {
  const { definition, facts, meaning } = judge(kind, path, value);
  const errors = meaning.filter(({ code }) => problemCodes[code].severity === 'error');
  const inWhole = <Placed extends { path: Path }>(placed: Placed): Placed => {
    return { ...placed, path: pathInWhole(placed.path) };
  };
  return {
    findings: [...findings, ...errors.map(inWhole)],
    facts: {
      ...facts,
      references: facts.references.map(inWhole),
      tests: facts.tests.map(inWhole),
    },
    // Other files are judged by it. Of other kinds it is not known what they lack.
    ...(kind === 'project' && { definition }),
  };
}

/** The kind that the first key names; another key of that sort is understood too, beside a finding. */
function kindOf(
  path: string,
  value: JsonValue,
  firstKey: string | undefined,
): { kind?: DefinitionKind; findings: Finding[] } {
  const own = ROOT_FILES.find((file) => file.path === path);
  const expected = own
    ? `expected ${ticked(own.kind)}`
    : 'expected `flag`, `segment`, `experiment` or `metric` with the key';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `The file is no mapping: ${expected} first.`;
    return { findings: [{ code: 'not-a-definition', path: [], message, hint: HOW_TO_BEGIN }] };
  }
  const first = KINDS.find((kind) => kind === firstKey);
  const kind = first ?? KINDS.find((name) => Object.hasOwn(value, name));
  const findings: Finding[] = [];
  if (!first) findings.push(firstKeyFinding(firstKey, kind, expected));
  const misplaced = kind && placeFinding(kind, path);
  if (misplaced) findings.push(misplaced);
  return kind === undefined ? { findings } : { kind, findings };
}

function placeFinding(kind: DefinitionKind, path: string): Finding | undefined {
  const own = ROOT_FILES.find((file) => file.kind === kind);
  const there = ROOT_FILES.find((file) => file.path === path);
  if (own === there) return undefined;
  const message = own
    ? `${own.article} is defined in ${own.path} at the root, and nowhere else.`
    : `${path} defines ${there?.what}: expected ${ticked(there?.kind ?? '')} first, found ${ticked(kind)}.`;
  const hint = own ? 'Move it there.' : `Move the ${kind} to a file of its own.`;
  return { code: 'misplaced-definition', path: [kind], on: 'key', message, hint };
}

function firstKeyFinding(firstKey: string | undefined, kind: string | undefined, expected: string): Finding {
  const found =
    firstKey === undefined ? 'The file does not begin with a key' : `The first key is ${ticked(firstKey)}`;
  const near = nearest(firstKey ?? '', KINDS);
  let hint = near && firstKey ? `Did you mean ${ticked(near)}?` : HOW_TO_BEGIN;
  if (kind) hint = `Move ${ticked(kind)} to the top.`;
  else if (firstKey === 'test') hint = 'A test of flags is named `….test.yaml`.';
  const path = firstKey === undefined ? [] : [firstKey];
  const message = `${found}: ${expected}, so that readers see what it is.`;
  return { code: 'not-a-definition', path, on: 'key', message, hint };
}

function nameFindings({ kind, key, path }: Definition): Finding[] {
  if (kind === 'project' || kind === 'access') return [];
  const name = path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length);
  if (/\.test$/.test(key)) {
    const message = `The key ${ticked(key)} ends in \`.test\`, as only tests of flags are named.`;
    return [{ code: 'invalid-key', path: [kind], message, hint: 'Choose another key.' }];
  }
  if (key === 'project' || key === 'access') {
    const message = `A ${kind} cannot have the key ${ticked(key)}: its file's name is reserved.`;
    return [{ code: 'reserved-name', path: [kind], message, hint: 'Choose another key.' }];
  }
  if (name === key) return [];
  const message = `The ${kind} has the key ${ticked(key)}, but the file is named ${ticked(name)}.`;
  const hint = `Rename the file to \`${printable(key)}.yaml\`, or the ${kind} to ${ticked(name)}.`;
  return [{ code: 'key-is-not-file-name', path: [kind], message, hint }];
}
