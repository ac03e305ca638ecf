// Reads members of a forge's answer, of which nothing is known before: what is not of the expected form is not there.

/** The member at a path of names; undefined where there is none. */
export function memberOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

/** A text of at most 200 UTF-16 units that is not empty and well-formed. */
export function textIn(value: unknown, ...path: readonly string[]): string | undefined {
  const text = memberOf(value, ...path);
  const isFine = typeof text === 'string' && text !== '' && text.length <= 200 && text.isWellFormed();
  return isFine ? text : undefined;
}

/** The name of a git object. */
export function objectIn(value: unknown, ...path: readonly string[]): string | undefined {
  const text = textIn(value, ...path);
  return text !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined;
}

/** A time, in epoch milliseconds. */
export function timeIn(value: unknown, ...path: readonly string[]): number | undefined {
  const text = textIn(value, ...path);
  const isTime = text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isTime ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** RFC 3339, UTC. */
export function instantOf(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

export function numberIn(value: unknown, ...path: readonly string[]): number | undefined {
  const number = memberOf(value, ...path);
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

export function listIn(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const list = memberOf(value, ...path);
  return Array.isArray(list) ? list : [];
}
