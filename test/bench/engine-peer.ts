// What the bench asks of every engine, and the flags that each has: 1,000 of them.

export interface BenchContext {
  targetingKey: string;
  [attribute: string]: string;
}

export interface Engine {
  name: string;
  /** Gets a context ready as this engine wants it, which is not timed. */
  prepare(context: BenchContext): unknown;
  isOn(flag: string, prepared: unknown): boolean;
  /** How many of all flags are on: by what the engine has for that, where it is quicker than one by one. */
  countOn(prepared: unknown): number | Promise<number>;
  close?(): void;
}

export const TWENTY = Array.from({ length: 20 }, (_, i) => `country-${i}`);
export const TEN = Array.from({ length: 10 }, (_, i) => i);
/** Beside the five that are timed. */
export const FILLERS = Array.from({ length: 995 }, (_, i) => `filler-${i}`);
export const FLAGS = ['on', 'list', 'rollout', 'ten-values', 'ten-attributes', ...FILLERS];

/** Of an engine that answers flag by flag. */
export function countOneByOne(isOn: Engine['isOn']): (prepared: unknown) => number {
  return (prepared) => {
    let count = 0;
    for (const flag of FLAGS) if (isOn(flag, prepared)) count++;
    return count;
  };
}

/** The flags as an engine writes them: on for everyone, for a list, for a half, and by ten rules. */
export interface Kinds<Flag> {
  on: Flag;
  list: Flag;
  rollout: Flag;
  'ten-values': Flag;
  'ten-attributes': Flag;
}

/** All flags of them: the fillers are like `list`. */
export function allFlags<Flag>(kinds: (key: string) => Kinds<Flag>): { [key: string]: Flag } {
  return Object.fromEntries(
    FLAGS.map((key) => {
      const all = kinds(key);
      return [key, key in all ? all[key as keyof Kinds<Flag>] : all.list];
    }),
  );
}
