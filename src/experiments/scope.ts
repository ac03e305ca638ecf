// What every statement of an analysis is about: whose units, and up to when.
import type { MetricDefinition } from '../model/definitions.gen.ts';
import type { Design, Setup } from './setup.ts';

export interface Scope {
  project: string;
  environment: string;
  experiment: string;
  /** The attribute whose value a unit is. */
  unit: string;
  /** What happened later does not count. */
  atMs: number;
}

export function scopeOf({ project, environment, experiment }: Setup, { unit }: Design, atMs: number): Scope {
  return { project, environment, experiment, unit, atMs };
}

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
export const DAY_MS = UNIT_MS.d;

/** How long after its first exposure a unit's events count; null: as long as there are any. */
export function windowMs({ window }: MetricDefinition): number | null {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(window ?? '') ?? [];
  return unit === undefined ? null : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** The events that a metric is made of. */
export function eventsOf({ type, event, numerator, denominator }: MetricDefinition): string[] {
  const events = type === 'ratio' ? [numerator, denominator] : [event];
  return events.filter((name) => name !== undefined);
}

/** RFC 3339, which PostgreSQL reads whatever its settings. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}
