// Ends a discriminated union: the compiler refuses a missing case, and at run time it is our own fault.

export function unreachable(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
