// What bounds a plan: limits that are counted and never timed, so that the same change gives the same plan everywhere.

/** There is more to look at than a limit allows. `message` completes "not all can be said: …". */
export class TooMuch extends Error {
  override name = 'TooMuch';
}

/** What the work comes to, or something else where it is too much. */
export function unlessTooMuch<Found, Otherwise>(
  work: () => Found,
  otherwise: (error: TooMuch) => Otherwise,
): Found | Otherwise {
  try {
    return work();
  } catch (error) {
    if (error instanceof TooMuch) return otherwise(error);
    throw error;
  }
}
