// A body as a list of lines: what every member of a definition, or of an environment's row, is called and shows. Pure.

// How a single value is written is a part of the normal form, which there is one of.
import { conditionText, PERSONAL, type Personal, valueText } from '../../changes/value-text.ts';
import { type JsonValue, sha256Hex } from '../../lib/json.ts';
import type { Condition } from '../../model/definitions.gen.ts';

/** One line: `at` and `field` name it, `value` is what counts, `text` is what is shown of it. */
export interface Line {
  at: string;
  field: string;
  value: JsonValue;
  text: string;
}

export interface PatchContext {
  kind: string;
  /** A definition as it was written, and not an environment's row. */
  isDefinition: boolean;
  personal: Personal;
}

type Members = Readonly<Record<string, JsonValue>>;

/** Makes the lines of one member: `at` is where it stands. */
type Member = (lines: Lines, at: string, name: string, value: JsonValue) => void;

/** The lines of a body, members in alphabetical order. */
export function linesOf(body: Members, context: PatchContext): Line[] {
  const lines = new Lines(context);
  const membersOfKind = context.kind === 'access' ? ACCESS : MEMBERS;
  for (const [name, value] of membersOf(body)) {
    const isName = context.isDefinition && name === context.kind;
    if (!isName) (membersOfKind[name] ?? plain)(lines, '', name, value);
  }
  return lines.all;
}

class Lines {
  readonly all: Line[] = [];
  readonly context: PatchContext;

  constructor(context: PatchContext) {
    this.context = context;
  }

  add(at: string, field: string, value: JsonValue, text = valueText(value)): void {
    this.all.push({ at, field, value, text });
  }

  hide(at: string, field: string, value: JsonValue): void {
    this.add(at, field, value, PERSONAL);
  }
}

/** Members that have words of their own. All others are `plain`. */
const MEMBERS: Record<string, Member> = {
  include: (lines, at, name, value) => lines.hide(at, name, value),
  exclude: (lines, at, name, value) => lines.hide(at, name, value),
  if: (lines, at, name, value) => {
    lines.add(at, name, value, conditionText(value as unknown as Condition, lines.context.personal));
  },
  variations: (lines, at, _, value) =>
    each(value, (name, given) => lines.add(at, `variation ${name}`, given)),
  requires: (lines, at, _, value) =>
    list(value, ({ flag, variation = null }) => lines.add(at, `requires ${flag}`, variation)),
  arms: (lines, at, _, value) =>
    list(value, ({ variation, weight = null }) => lines.add(at, `arm ${variation}`, weight)),
  fallthrough: (lines, _at, _, value) => outcome(lines, 'everyone else', value),
  targets: (lines, at, _, value) =>
    each(value, (name, units) => lines.hide(within(at, 'targets'), name, units)),
  rules,
  attributes,
  environments,
};

/** The access policy's. People's addresses are hidden, and so is an armored key, which holds its owner's. */
const ACCESS: Record<string, Member> = {
  people: (lines, _at, _, value) => each(value, (person, inner) => party(lines, `person ${person}`, inner)),
  rules: (lines, _at, _, value) => {
    for (const [index, rule] of (value as Members[]).entries()) party(lines, `rule ${index + 1}`, rule);
  },
  trust: (lines, at, _, value) =>
    list(value, ({ key, vouches = null }) => lines.add(at, `trust ${key}`, vouches)),
  openpgp: (lines, at, _, value) => {
    for (const [index, key] of (value as string[]).entries())
      lines.add(at, `openpgp ${index + 1}`, key, `sha256:${sha256Hex(key)}`);
  },
};

function party(lines: Lines, at: string, value: JsonValue): void {
  each(value, (name, inner) =>
    name === 'emails' ? lines.hide(at, name, inner) : lines.add(at, name, inner),
  );
}

/** Nested members are called by their path. */
function plain(lines: Lines, at: string, name: string, value: JsonValue): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) lines.add(at, name, value);
  else each(value, (member, inner) => plain(lines, at, `${name} ${member}`, inner));
}

function rules(lines: Lines, at: string, name: string, value: JsonValue): void {
  const all = value as Members[];
  const names = all.map((rule, index) =>
    rule.name === undefined ? `#${index + 1}` : JSON.stringify(rule.name),
  );
  if (names.length > 0) lines.add(at, name, names, names.join(', '));
  for (const [index, rule] of all.entries()) {
    const where = within(at, `rule ${names[index]}`);
    if (rule.if !== undefined) MEMBERS.if?.(lines, where, 'if', rule.if);
    if (rule.from !== undefined) lines.add(where, 'from', rule.from, String(rule.from));
    if (rule.until !== undefined) lines.add(where, 'until', rule.until, String(rule.until));
    outcome(lines, where, rule.then ?? {});
  }
}

function outcome(lines: Lines, at: string, value: JsonValue): void {
  each(value, (name, inner) => outcomeMember(lines, at, name, inner));
}

function outcomeMember(lines: Lines, at: string, name: string, value: JsonValue): void {
  if (name === 'rollout') {
    const { variations = [] } = value as Members;
    list(variations, ({ key, weight = null }) => lines.add(at, `rollout ${key}`, weight));
  } else if (name === 'ramp') {
    list(value, (step) => lines.add(at, `ramp ${step.at} percent`, step.percent ?? null));
  } else lines.add(at, name, value);
}

function attributes(lines: Lines, _at: string, _name: string, value: JsonValue): void {
  each(value, (attribute, declaration) => {
    const at = `attribute ${attribute}`;
    each(declaration, (name, given) => {
      if (name === 'values' && lines.context.personal(attribute)) lines.hide(at, name, given);
      else lines.add(at, name, given);
    });
  });
}

/** What an environment says of everyone for whom no rule holds. */
const OUTCOMES = ['serve', 'percent', 'ramp', 'linear', 'rollout', 'experiment'];

/** A list of names; a flag's targeting by environment; or a project's environments with what each has. */
function environments(lines: Lines, at: string, name: string, value: JsonValue): void {
  if (Array.isArray(value)) {
    lines.add(at, name, value);
    return;
  }
  const isFlag = lines.context.kind === 'flag';
  if (!isFlag) lines.add(at, name, Object.keys(value as Members).sort());
  each(value, (environment, body) => {
    const where = isFlag ? environment : `environment ${environment}`;
    if (isFlag) lines.add(where, 'enabled', (body as Members).enabled ?? true);
    each(body, (member, inner) => {
      if (member === 'targets' || member === 'rules') MEMBERS[member]?.(lines, where, member, inner);
      else if (OUTCOMES.includes(member)) outcomeMember(lines, `${where} everyone else`, member, inner);
      else if (member !== 'enabled') plain(lines, where, member, inner);
    });
  });
}

function within(at: string, place: string): string {
  return at === '' ? place : `${at} ${place}`;
}

function each(value: JsonValue, take: (name: string, inner: JsonValue) => void): void {
  for (const [name, inner] of membersOf(value as Members)) take(name, inner);
}

function list(value: JsonValue, take: (element: Members) => void): void {
  for (const element of value as Members[]) take(element);
}

function membersOf(value: Members): [string, JsonValue][] {
  return Object.keys(value)
    .sort()
    .map((name) => [name, value[name] ?? null]);
}
