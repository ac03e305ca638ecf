// The outcome of parsing an operand: the thing itself, or what is wrong with the text, in words for its author.

/** Stable codes, entries of the one table of problem codes. */
export type OperandCode =
  | 'missing-value'
  | 'invalid-value'
  | 'invalid-regex'
  | 'regex-too-long'
  | 'regex-too-large'
  | 'invalid-semver'
  | 'invalid-date'
  | 'invalid-cidr';

export interface OperandFault {
  code: OperandCode;
  /** What was found and what was expected, a whole sentence. */
  message: string;
  hint: string;
}

export type Parsed<Operand> = { operand: Operand } | { fault: OperandFault };

/** A value as a sentence quotes it, at most some fifty characters long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 50 ? text : `${text.slice(0, 47)}…`;
}
