// Plain operands: texts, numbers and booleans, taken as they are.
import type { Scalar } from '../../model/definitions.gen.ts';
import { type Parsed, quoted } from './parsed.ts';

export function scalarOperand(value: Scalar): Parsed<Scalar> {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value))
    return { operand: value };
  return invalid(value, 'a text, a number or a boolean', 'Write a finite number.');
}

export function textOperand(value: Scalar): Parsed<string> {
  return typeof value === 'string' ? { operand: value } : invalid(value, 'a text', 'Quote it.');
}

export function numberOperand(value: Scalar): Parsed<number> {
  return typeof value === 'number' && Number.isFinite(value)
    ? { operand: value }
    : invalid(value, 'a number', 'Write a number, without quotes.');
}

export function presenceOperand(value: Scalar): Parsed<boolean> {
  if (typeof value === 'boolean') return { operand: value };
  return invalid(value, 'true or false', 'Write `true` for a present attribute, `false` for an absent one.');
}

function invalid<Operand>(value: Scalar, expected: string, hint: string): Parsed<Operand> {
  return {
    fault: { code: 'invalid-value', message: `${quoted(value)} does not fit: expected ${expected}.`, hint },
  };
}
