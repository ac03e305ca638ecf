// A finding: a problem before it has a line and a column. Within YAML it points at an offset, within a value by a path.
import type { ProblemCode } from '../model/problem.ts';

export type Path = readonly (string | number)[];

/** A fault of the text. `offset` counts UTF-16 units from the start of the text, without a byte order mark. */
export interface Fault {
  code: ProblemCode;
  offset: number;
  message: string;
  hint: string;
}

/** A fault of the value at `path`, or of the key that leads to it. */
export interface Finding {
  code: ProblemCode;
  path: Path;
  on?: 'key';
  message: string;
  hint: string;
  /** The attribute whose value the message quotes; a personal one is not quoted after all. */
  quotes?: string;
}
