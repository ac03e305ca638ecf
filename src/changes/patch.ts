// The patch of one row: two bodies, each taken apart into named fields, and the fields that differ.
import { canonical, type JsonValue } from '../lib/json.ts';
import type { PatchItem } from '../model/change.ts';
import type { Condition, Outcome, RampStep, Rollout, Rule } from '../model/definitions.gen.ts';
import { accessFields } from './access-fields.ts';
import { type Field, field, hidden, sorted } from './fields.ts';
import { conditionText, type Personal } from './value-text.ts';

/** Whether a body is what an author wrote or what one environment needs of it. */
export type BodyLevel = 'project' | 'environment';

/** A definition's or a row's body. */
export type Body = { readonly [name: string]: JsonValue };

/**
 * The fields in which two bodies of one kind differ, in the order of the fields of the later one, those that are gone last.
 * It follows from the bodies and from which attributes are personal alone.
 */
export function patchOf(
  kind: string,
  level: BodyLevel,
  before: Body,
  after: Body,
  personal: Personal,
): PatchItem[] {
  const old = new Map(named(fieldsOf(kind, level, before, personal)));
  const items: PatchItem[] = [];
  for (const [id, field] of named(fieldsOf(kind, level, after, personal))) {
    const was = old.get(id);
    old.delete(id);
    if (was && canonical(was.value) === canonical(field.value)) continue;
    items.push({ at: field.at, field: field.name, ...(was && { before: was.text }), after: field.text });
  }
  for (const was of old.values()) items.push({ at: was.at, field: was.name, before: was.text });
  return items;
}

/** Two fields of one name (rules may share one) are told apart by their order. */
function* named(fields: Iterable<Field>): Generator<[string, Field]> {
  const seen = new Map<string, number>();
  for (const field of fields) {
    const id = `${field.at}\n${field.name}`;
    const nth = (seen.get(id) ?? 0) + 1;
    seen.set(id, nth);
    yield [`${id}\n${nth}`, nth === 1 ? field : { ...field, name: `${field.name} (${nth})` }];
  }
}

function* fieldsOf(kind: string, level: BodyLevel, body: Body, personal: Personal): Generator<Field> {
  for (const name of Object.keys(body).sort()) {
    // A definition's first key is its name, which never differs.
    if (level === 'project' && name === kind) continue;
    if (kind === 'access') yield* accessFields(name, body[name] ?? null);
    else yield* memberFields(kind, name, body[name] ?? null, personal);
  }
}

function* memberFields(kind: string, name: string, value: JsonValue, personal: Personal): Generator<Field> {
  switch (name) {
    case 'environments':
      if (Array.isArray(value)) yield field('', name, value);
      else yield* environmentFields(kind, value as { [name: string]: Body }, personal);
      return;
    case 'attributes':
      yield* attributeFields(value as { [name: string]: Body }, personal);
      return;
    case 'include':
    case 'exclude':
      yield hidden('', name, value);
      return;
    case 'if':
      yield conditionField('', value as unknown as Condition, personal);
      return;
    case 'variations':
      for (const [key, given] of sorted(value as Body)) yield field('', `variation ${key}`, given);
      return;
    case 'requires':
      for (const { flag, variation } of value as { flag: string; variation: string }[])
        yield field('', `requires ${flag}`, variation);
      return;
    case 'arms':
      for (const { variation, weight } of value as { variation: string; weight: number }[])
        yield field('', `arm ${variation}`, weight);
      return;
    case 'fallthrough':
      yield* outcomeFields('everyone else', value as unknown as Outcome);
      return;
    case 'targets':
    case 'rules':
      yield* targetingFields('', name, value, personal);
      return;
    default:
      yield* plainFields('', name, value);
  }
}

/** A flag's environments hold its targeting, a project's a salt. Canonical JSON, what is applied, has them in no order. */
function* environmentFields(
  kind: string,
  environments: { [name: string]: Body },
  personal: Personal,
): Generator<Field> {
  if (kind !== 'flag') yield field('', 'environments', Object.keys(environments).sort());
  for (const [environment, body] of sorted(environments)) {
    const at = kind === 'flag' ? environment : `environment ${environment}`;
    if (kind === 'flag') yield field(at, 'enabled', body.enabled ?? true);
    for (const [name, value] of sorted(body)) {
      if (name === 'targets' || name === 'rules') yield* targetingFields(at, name, value, personal);
      else if (OUTCOME.has(name))
        yield* outcomeFields(`${at} everyone else`, { [name]: value } as unknown as Outcome);
      else if (name !== 'enabled') yield* plainFields(at, name, value);
    }
  }
}

function* targetingFields(at: string, name: string, value: JsonValue, personal: Personal): Generator<Field> {
  const place = (text: string): string => (at === '' ? text : `${at} ${text}`);
  if (name === 'targets') {
    for (const [variation, units] of sorted(value as Body)) yield hidden(place('targets'), variation, units);
    return;
  }
  const rules = value as unknown as Rule[];
  const names = rules.map((rule, index) =>
    rule.name === undefined ? `#${index + 1}` : JSON.stringify(rule.name),
  );
  if (rules.length > 0) yield { at, name: 'rules', text: names.join(', '), value: names };
  for (const [index, rule] of rules.entries()) {
    const where = place(`rule ${names[index]}`);
    if (rule.if) yield conditionField(where, rule.if, personal);
    for (const bound of ['from', 'until'] as const) {
      const instant = rule[bound];
      if (instant !== undefined) yield { at: where, name: bound, text: instant, value: instant };
    }
    yield* outcomeFields(where, rule.then);
  }
}

/** The keys of an outcome, which an environment has beside its own. */
const OUTCOME = new Set(['serve', 'percent', 'ramp', 'linear', 'rollout', 'experiment']);

function* outcomeFields(at: string, outcome: Outcome): Generator<Field> {
  for (const [name, value] of sorted(outcome as unknown as Body)) {
    if (name === 'rollout')
      for (const { key, weight } of (value as unknown as Rollout).variations)
        yield field(at, `rollout ${key}`, weight);
    else if (name === 'ramp')
      for (const step of value as unknown as RampStep[])
        yield field(at, `ramp ${step.at} percent`, step.percent);
    else yield field(at, name, value);
  }
}

function* attributeFields(attributes: { [name: string]: Body }, personal: Personal): Generator<Field> {
  for (const [attribute, declaration] of sorted(attributes)) {
    const at = `attribute ${attribute}`;
    for (const [name, value] of sorted(declaration)) {
      yield name === 'values' && personal(attribute) ? hidden(at, name, value) : field(at, name, value);
    }
  }
}

/** Whatever has no words of its own: nested members are named by their path. */
function* plainFields(at: string, name: string, value: JsonValue): Generator<Field> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) yield field(at, name, value);
  else for (const [member, inner] of sorted(value)) yield* plainFields(at, `${name} ${member}`, inner);
}

function conditionField(at: string, condition: Condition, personal: Personal): Field {
  return { at, name: 'if', text: conditionText(condition, personal), value: condition };
}
