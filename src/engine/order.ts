// The order in which definitions can be compiled: each after those that it asks.

/** Definitions that ask each other in a circle; `path` starts and ends with the same one. */
export class CycleError extends Error {
  override name = 'CycleError';
  readonly path: readonly string[];

  constructor(path: readonly string[]) {
    super(path.join(' -> '));
    this.path = path;
  }
}

/**
 * The keys, and all that they depend on, each after what it depends on itself. `dependenciesOf` answers undefined for
 * what is to be passed over. Not recursive: chains may be as long as they like. Throws a CycleError.
 */
export function dependencyOrder(
  keys: Iterable<string>,
  dependenciesOf: (key: string) => readonly string[] | undefined,
): string[] {
  const ordered = new Set<string>();
  const path = new Map<string, Iterator<string>>();
  const trail: string[] = [];
  const enter = (key: string) => {
    const dependencies = ordered.has(key) ? undefined : dependenciesOf(key);
    if (dependencies === undefined) return;
    path.set(key, dependencies[Symbol.iterator]());
    trail.push(key);
  };
  for (const root of keys) {
    enter(root);
    for (let key = trail.at(-1); key !== undefined; key = trail.at(-1)) {
      const next = path.get(key)?.next();
      if (next === undefined || next.done) {
        ordered.add(key);
        path.delete(key);
        trail.pop();
      } else if (path.has(next.value)) {
        throw new CycleError([...trail.slice(trail.indexOf(next.value)), next.value]);
      } else {
        enter(next.value);
      }
    }
  }
  return [...ordered];
}
