// Ids of events: UUIDs of version 7 (RFC 9562 §5.7), which grow with time, so that an index of them grows at its end.
import { randomUUID } from 'node:crypto';

let lastMs = Number.NaN;
let time = '';

/** @param nowMs epoch milliseconds; the other 74 bits are random */
export function newId(nowMs: number): string {
  if (nowMs !== lastMs) {
    const hex = Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, '0');
    time = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7`;
    lastMs = nowMs;
  }
  // Of version 4, all but the first 48 bits and the version: as random, and from Node's pool.
  return time + randomUUID().slice(15);
}
