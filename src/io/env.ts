// Environment variables, read strictly: a value that is not understood is an error, never a quiet default.
import { UsageError } from '../lib/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A text; undefined where the variable is not set. Set but empty is an error, since it is mostly a slip in a manifest. */
export function readText(environment: Environment, name: string): string | undefined {
  const text = environment[name];
  if (text === '') throw new UsageError(`${name} is set but empty. Unset it, or give it a value.`);
  return text;
}

/** `true`/`1` or `false`/`0`. `HALYARD_X=yes` is an error and not a quiet false. */
export function readBoolean(environment: Environment, name: string): boolean | undefined {
  const text = readText(environment, name);
  if (text === undefined) return undefined;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new UsageError(`${name} is "${text}", which is neither true nor false.`);
}

/** A whole number within `min` and `max`, both included. */
export function readInteger(
  environment: Environment,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const text = readText(environment, name);
  if (text === undefined) return undefined;
  const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${name} is "${text}", which is no whole number from ${min} to ${max}.`);
}

/** One of the given words. */
export function readChoice<Choice extends string>(
  environment: Environment,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = readText(environment, name);
  if (text === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  throw new UsageError(`${name} is "${text}". It takes ${choices.join(', ')}.`);
}
