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
 * The keys, each after all that it depends on. Dependencies that are no keys of the map are passed over. Not
 * recursive: chains may be as long as they like. Throws a CycleError.
 */
export function dependencyOrder(dependencies: ReadonlyMap<string, readonly string[]>): string[] {
  const ordered = new Set<string>();
  for (const root of dependencies.keys()) {
    const path = new Map<string, Iterator<string>>();
    const enter = (key: string) => path.set(key, (dependencies.get(key) ?? [])[Symbol.iterator]());
    const trail: string[] = [];
    if (!ordered.has(root)) {
      enter(root);
      trail.push(root);
    }
    for (let key = trail.at(-1); key !== undefined; key = trail.at(-1)) {
      const next = path.get(key)?.next();
      if (next === undefined || next.done) {
        ordered.add(key);
        path.delete(key);
        trail.pop();
      } else if (path.has(next.value)) {
        throw new CycleError([...trail.slice(trail.indexOf(next.value)), next.value]);
      } else if (dependencies.has(next.value) && !ordered.has(next.value)) {
        enter(next.value);
        trail.push(next.value);
      }
    }
  }
  return [...ordered];
}
