// A condition as a message names it. Values of personal attributes are not shown.
import { printable, ticked } from '../../lib/printable.ts';
import type { Condition } from '../../model/definitions.gen.ts';

const LONGEST_VALUE = 40;

export function conditionText(condition: Condition, personal: ReadonlySet<string>): string {
  if ('segment' in condition) return `the segment ${ticked(condition.segment)}`;
  if ('not' in condition) return `the \`not\` of ${conditionText(condition.not, personal)}`;
  if ('and' in condition) return 'the `and`';
  if ('or' in condition) return 'the `or`';
  const { attribute, operator, value } = condition;
  const name = `${printable(attribute)} ${operator}`;
  if (value === undefined) return `\`${name}\``;
  if (personal.has(attribute)) return `the \`${operator}\` of ${ticked(attribute)}`;
  const text = Array.isArray(value) ? `[${value.slice(0, 10).map(String).join(', ')}]` : String(value);
  return `\`${name} ${printable(text, LONGEST_VALUE)}\``;
}
