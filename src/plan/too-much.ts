// What bounds a plan: limits that are counted and never timed, so that the same change gives the same plan everywhere.

/** There is more to look at than a limit allows. `message` completes "not all can be said: …". */
export class TooMuch extends Error {
  override name = 'TooMuch';
}
