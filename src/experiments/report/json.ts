// A report as JSON: the analysis itself, in an order that does not change, and harmless on a terminal.
import type { Analysis } from '../analysis.ts';

/**
 * The members of all objects in their order. One list is enough, since no two kinds of object want the same two members in
 * different orders. What is not listed comes last, by name.
 */
const ORDER = [
  ...['project', 'environment', 'experiment', 'at', 'revision', 'status', 'hypothesis', 'owner'],
  ...['kind', 'why', 'missing', 'metric', 'type', 'direction', 'margin', 'arm', 'weight', 'value', 'verdict'],
  ...['decidedAt', 'alpha', 'power', 'minimumEffect', 'plannedPerArm', 'look', 'boundary', 'fraction'],
  ...[
    'firstExposure',
    'days',
    'units',
    'information',
    'unitsPerArm',
    'expected',
    'crossedOver',
    'end',
    'sequential',
  ],
  ...['cupedDays', 'recordedAt', 'baseline', 'scale', 'isFinal', 'daysLeft', 'arms', 'verdicts'],
  ...['difference', 'interval', 'lift', 'liftInterval', 'lower', 'upper', 'p', 'alwaysValidP', 'z', 'bound'],
  ...['adjustedP', 'falseDiscoveryP', 'pDeterioration', 'pNonInferiority'],
  ...['isSignificant', 'isCrossed', 'isBroken', 'reason'],
  ...['cautions', 'method', 'confidence', 'plan', 'progress', 'split', 'primary', 'secondary', 'guardrails'],
  ...['course', 'looks', 'notes'],
];

const PLACES = new Map(ORDER.map((member, index) => [member, index]));

/** Characters that JSON leaves as they are and that terminals obey: C1 controls, separators, marks that reorder text. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Ends in a line feed. Numbers are not rounded; what could not be computed is null. */
export function reportJson(analysis: Analysis): string {
  const text = JSON.stringify(ordered(analysis), null, 2);
  return `${text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([member, each]) => [member, ordered(each)]));
}

function placeOf(member: string): number {
  return PLACES.get(member) ?? ORDER.length;
}
