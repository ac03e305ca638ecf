// Dates of the calendar: `expires` and `end`.
import { ticked } from '../../lib/printable.ts';
import type { Finding } from '../finding.ts';

export function dateFindings(key: string, date: string | undefined): Finding[] {
  if (date === undefined || isCalendarDate(date)) return [];
  const message = `${ticked(date)} is not a day of the calendar: expected YYYY-MM-DD.`;
  return [{ code: 'invalid-date', path: [key], message, hint: 'Check the month and the day.' }];
}

/** The text is known to be `dddd-dd-dd`. */
function isCalendarDate(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}
