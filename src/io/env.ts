// Environment variables, read strictly: one that is set but empty is an error, never a quiet default.
import { UsageError } from '../lib/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A text; undefined where the variable is not set. Set but empty is an error, since it is mostly a slip in a manifest. */
export function readText(environment: Environment, name: string): string | undefined {
  const text = environment[name];
  if (text === '') throw new UsageError(`${name} is set but empty. Unset it, or give it a value.`);
  return text;
}
