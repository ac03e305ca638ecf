// Names of refs that a person gives: what git-check-ref-format(1) allows, and so nothing that a refspec takes for more than a name.
import { UsageError } from '../lib/errors.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[/.]$/;

/** A whole name under `refs/`, but no tag, which never moves. Throws UsageError. */
export function validRef(ref: string, option: string): string {
  if (/^refs\/(?!tags\/)./.test(ref) && !FORBIDDEN.test(ref)) return ref;
  throw new UsageError(
    `${option} ${JSON.stringify(ref)} is no whole name of a ref, as refs/halyard/checkpoints is.`,
  );
}
