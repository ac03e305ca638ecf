// Values, conditions and outcomes as one line of text, for the patches of the audit. Personal values never appear in it.
import { bounded } from '../lib/bounded.ts';
import type { JsonValue } from '../lib/json.ts';
import { canonical } from '../lib/json.ts';
import type { Condition } from '../model/definitions.gen.ts';

/** Stands for every personal value. */
export const PERSONAL = '<personal>';

/** Whether an attribute's values are personal. */
export type Personal = (attribute: string) => boolean;

/** The attributes that one of these project definitions declares as personal, and the key that names a subject. */
export function personalAttributes(...projects: readonly unknown[]): Personal {
  const names = new Set(['targetingKey']);
  for (const project of projects) {
    const { attributes = {} } = (project ?? {}) as { attributes?: Record<string, { personal?: boolean }> };
    for (const [name, { personal }] of Object.entries(attributes)) if (personal) names.add(name);
  }
  return (attribute) => names.has(attribute);
}

/** A plain word stands as it is; what could be taken for something else is quoted; lists stand in brackets. */
export function valueText(value: JsonValue): string {
  if (Array.isArray(value) && value.every(isScalar)) return bounded(`[${value.map(valueText).join(', ')}]`);
  if (typeof value !== 'string') return bounded(canonical(value));
  return bounded(isPlain(value) ? value : JSON.stringify(value));
}

export function conditionText(condition: Condition, personal: Personal): string {
  return bounded(phrase(condition, personal));
}

function phrase(condition: Condition, personal: Personal): string {
  if ('segment' in condition) return `segment ${condition.segment}`;
  if ('and' in condition) return condition.and.map((part) => grouped(part, personal)).join(' and ');
  if ('or' in condition) return condition.or.map((part) => grouped(part, personal)).join(' or ');
  if ('not' in condition) return `not ${grouped(condition.not, personal)}`;
  const { attribute, operator, value, ignore_case: folded } = condition;
  const shown = value === undefined ? [] : [personal(attribute) ? PERSONAL : valueText(value)];
  return [attribute, operator, ...shown, ...(folded ? ['(any case)'] : [])].join(' ');
}

/** `and` and `or` in another condition stand in parentheses. */
function grouped(condition: Condition, personal: Personal): string {
  const text = phrase(condition, personal);
  return 'and' in condition || 'or' in condition ? `(${text})` : text;
}

function isScalar(value: JsonValue): boolean {
  return value === null || typeof value !== 'object';
}

/** Words that could be nothing but text: no number, no boolean, no null, no spaces. */
function isPlain(text: string): boolean {
  return /^[\p{L}_@/][\p{L}\p{N}_@/.:+-]*$/u.test(text) && !/^(true|false|null)$/.test(text);
}
