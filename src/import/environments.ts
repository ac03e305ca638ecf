// Which environments an import is for, and which of the file's own each of them takes its flags from.
import { UsageError } from '../lib/errors.ts';
import { ticked } from '../lib/printable.ts';
import type { ImportOptions } from './imported.ts';
import { keysFor } from './names.ts';

/** For a file that says nothing of environments. Throws UsageError where none are asked for, and it is not clear which. */
export function plainEnvironments({ environments = [], fallback = [] }: ImportOptions): readonly string[] {
  const wanted = environments.length > 0 ? environments : fallback;
  if (wanted.length > 0) return wanted;
  throw new UsageError('it names no environments: --environment says which its flags are for');
}

/**
 * The file's own name of each environment, by key. Those that are asked for must be among them; but where the file has one
 * alone, it is for whatever is asked for.
 */
export function namedEnvironments(
  names: readonly string[],
  { environments = [] }: ImportOptions,
): ReadonlyMap<string, string> {
  const keys = keysFor(names);
  const [first, ...others] = names;
  if (environments.length === 0) return new Map(names.map((name) => [keys.get(name) ?? name, name]));
  return new Map(
    environments.map((key) => {
      const name = names.find((each) => each === key || keys.get(each) === key);
      if (name !== undefined) return [key, name];
      if (first !== undefined && others.length === 0) return [key, first];
      throw new UsageError(`it has no environment ${ticked(key)}: there are ${names.map(ticked).join(', ')}`);
    }),
  );
}
