// What happened to a unit: it was given an experiment's arm, or did something that an app tracks.

/** What both kinds say. Times are epoch milliseconds. */
interface EventBase {
  /** Makes it count once, however often it is delivered: a UUIDv7 by the relay, or the app's own (1–100 characters). */
  id: string;
  environment: string;
  atMs: number;
}

/** A unit was given an arm. */
export interface Exposure extends EventBase {
  type: 'exposure';
  experiment: string;
  /** The variation that the arm gives. */
  arm: string;
  /** The attribute whose value the unit is. */
  unitAttribute: string;
  /** For a personal attribute, `hmac:` and an HMAC-SHA-256: see `pseudonym`. */
  unit: string;
  revision?: number;
}

/** An app's event. */
export interface TrackEvent extends EventBase {
  type: 'track';
  event: string;
  /** By attribute: each attribute that an experiment of the environment splits by, so that it joins with each exposure. */
  units: { [attribute: string]: string };
  value?: number;
  /** Numbers, booleans and short texts. */
  properties?: { [name: string]: number | boolean | string };
}

export type Event = Exposure | TrackEvent;
