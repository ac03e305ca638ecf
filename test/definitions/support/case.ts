// One row of a table of refusals: what someone writes, and the problems that this has, with their places.
import type { Texts } from './project.ts';

export interface Case {
  title: string;
  files: Texts;
  /** `code file:line:column` and the word that stands there, all of them. */
  problems: string[];
}
