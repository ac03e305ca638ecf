// The pseudonym of a personal unit: what leaves a relay in its place, the same wherever the same key is.
import { createHmac, type KeyObject } from 'node:crypto';

/**
 * `hmac:` and the base64url of HMAC-SHA-256 (RFC 2104) over `attribute LF value`. Of one attribute equal values have equal
 * pseudonyms, so that exposures and tracked events join; the same value of two attributes has two.
 * @param key see `readUnitKey`
 * @param value the unit as text, as it is hashed into buckets
 */
export function pseudonym(key: KeyObject, attribute: string, value: string): string {
  return `hmac:${createHmac('sha256', key).update(`${attribute}\n${value}`).digest('base64url')}`;
}
