// The one table of a plan's warnings: what a change does that surprises people.

/** In the order in which they are told. Codes are stable: `--fail-on` and people's searches rely on them. */
export const warningCodes = {
  reshuffle:
    'A changed salt, unit, key or experiment deals units anew: who had one variation may get any other.',
  'reordered-arms': 'Shares are laid out in another order, so that more units move than the weights ask for.',
  'running-experiment':
    'An experiment changes while it runs, so that its results no longer compare like with like.',
  'metric-without-events':
    'An experiment whose primary metric is made of an event that never came, with `--traffic`.',
  'too-little-traffic':
    'An experiment that needs more days than it has, at the traffic that there is, with `--traffic`.',
  unreachable: 'A rule that this change puts out of reach: it decides for nobody any more.',
  'percentage-falls': 'A percentage falls: units lose what they had.',
  'switched-off': 'A flag that was on is switched off in an environment: everyone gets its `off` variation.',
  'value-changed': 'A variation has another value: everyone who has it gets that, though its name stays.',
  'unit-needed': 'Subjects without the unit’s attribute get an error where they got an answer.',
  'wide-segment': 'An edit of a segment reaches the last environment through three or more flags.',
  'not-in-staging': 'A flag is turned on in the last environment, and is not on in the one before it.',
  'expiry-extended': 'An expired flag gets a later day.',
  'flag-deleted': 'A flag that still gives something is deleted: apps that ask for it get their own default.',
} as const satisfies Record<string, string>;

export type WarningCode = keyof typeof warningCodes;
