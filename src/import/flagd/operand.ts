// One side of a flagd comparison: a constant, an attribute with what stands for it when it is missing, or the time.
import type { JsonValue } from '../../lib/json.ts';
import { refuse } from '../notes.ts';
import { isObject } from '../read.ts';
import type { Scope } from './scope.ts';

export type Operand =
  | { kind: 'constant'; value: JsonValue }
  | { kind: 'attribute'; name: string; fallback: JsonValue }
  | { kind: 'time' };

/** Throws Untranslatable for everything that is computed. */
export function operandOf(logic: JsonValue, scope: Scope): Operand {
  if (Array.isArray(logic)) {
    const items = logic.map((item) => operandOf(item, scope));
    const constants = items.map((item) => (item.kind === 'constant' ? item.value : undefined));
    if (constants.some((value) => value === undefined)) refuse(scope, 'It has attributes within a list.');
    return { kind: 'constant', value: constants as JsonValue[] };
  }
  if (!isObject(logic)) return { kind: 'constant', value: logic };
  const [operator, ...others] = Object.keys(logic);
  if (operator !== 'var' || others.length > 0)
    refuse(scope, `It computes a value with \`${operator ?? '{}'}\`, which conditions cannot.`);
  return attributeOperand(logic.var as JsonValue, scope);
}

function attributeOperand(path: JsonValue, scope: Scope): Operand {
  const [name, fallback = null] = Array.isArray(path) ? path : [path];
  if (name === '$flagd.timestamp') return { kind: 'time' };
  if (name === '$flagd.flagKey') {
    if (scope.flagKey === undefined) refuse(scope, 'It asks for the key of the flag that uses it.');
    return { kind: 'constant', value: scope.flagKey };
  }
  // A backslash escapes a dot, and `../` leads out of a list.
  if (typeof name !== 'string' || name === '' || /\\|\.\.\/|^\$flagd\b/.test(name))
    refuse(scope, `\`var\` names ${JSON.stringify(name ?? null)}, which is no attribute.`);
  if (typeof fallback === 'object' && fallback !== null)
    refuse(scope, `The default of \`${name}\` is not a plain value.`);
  return { kind: 'attribute', name, fallback };
}
