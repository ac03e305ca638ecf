// What shape an unknown value has, told by small functions that are put together. Pure.

/** Whether a value, of which nothing is known, has the shape. */
export type Shape = (value: unknown) => boolean;

export const isText: Shape = (value) => typeof value === 'string';
export const isInteger: Shape = (value) => Number.isSafeInteger(value);
/** SHA-256 in lower-case hexadecimal. */
export const isDigest: Shape = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Of that shape where it is there at all; null is there. */
export function optional(inner: Shape): Shape {
  return (value) => value === undefined || inner(value);
}

export function listOf(inner: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(inner);
}

/** An object with these members; it may have more. */
export function shape(members: { readonly [name: string]: Shape }): Shape {
  const wanted = Object.entries(members);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    wanted.every(([name, inner]) =>
      inner(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined),
    );
}
