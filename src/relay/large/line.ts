// Those that wait, the shortest first, so that nobody waits for what is longer than its own: so many at most, and so long.

const LONGEST_WAIT_MS = 2_000;
/** How often to look for those that have waited for too long. */
export const LOOK_MS = 500;

export interface Waiting {
  /** About how long it takes. */
  ms: number;
  refuse: () => void;
}

/** One, and until when it waits. */
export interface Place<One> {
  one: One;
  untilMs: number;
}

export class Line<One extends Waiting> {
  readonly #most: number;
  readonly #roomOf: (one: Waiting) => number;
  #places: Place<One>[] = [];
  #taken = 0;

  /**
   * @param most the room that there is
   * @param roomOf what each takes of it
   */
  constructor(most: number, roomOf: (one: Waiting) => number) {
    this.#most = most;
    this.#roomOf = roomOf;
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Refuses the longest where there is no more room. */
  add(one: One, nowMs: number): void {
    const at = this.#places.findIndex((other) => other.one.ms > one.ms);
    const place = { one, untilMs: nowMs + LONGEST_WAIT_MS };
    this.#places.splice(at < 0 ? this.#places.length : at, 0, place);
    this.#taken += this.#roomOf(one);
    while (this.#taken > this.#most) this.#leave(this.#places.pop())?.one.refuse();
  }

  /** Takes out the shortest, if there is one. Refuses those that have waited for too long. */
  next(nowMs: number): Place<One> | undefined {
    this.refuseOverdue(nowMs);
    return this.#leave(this.#places.shift());
  }

  /** Puts the one that was taken out back to where it was. */
  putBack(place: Place<One>): void {
    this.#places.unshift(place);
    this.#taken += this.#roomOf(place.one);
  }

  refuseOverdue(nowMs: number): void {
    const isOverdue = ({ untilMs }: Place<One>) => untilMs < nowMs;
    const overdue = this.#places.filter(isOverdue);
    if (overdue.length === 0) return;
    this.#places = this.#places.filter((place) => !isOverdue(place));
    for (const place of overdue) this.#leave(place)?.one.refuse();
  }

  #leave(place: Place<One> | undefined): Place<One> | undefined {
    if (place) this.#taken -= this.#roomOf(place.one);
    return place;
  }
}
