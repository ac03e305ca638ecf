// Bytes of requests, stirred: what is in them then is known to nobody.
import type { Chance } from './fuzz-random.ts';

const NOISE = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ':',
  ' ',
  '\t',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 3\r\n',
  ' folded\r\n',
  '\xff',
  '{',
  '"',
  '%',
  'HTTP/9.9',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'CONNECT a:1 HTTP/1.1\r\n\r\n',
];

/** Bytes cut, doubled, swapped and strewn in. */
export function stirred(chance: Chance, bytes: Buffer): Buffer {
  let stirredBytes = bytes;
  for (let count = 1 + chance.below(4); count > 0; count--) {
    const at = chance.below(stirredBytes.length + 1);
    const before = stirredBytes.subarray(0, at);
    const after = stirredBytes.subarray(at);
    const noise = Buffer.from(
      chance.once(3) ? String.fromCharCode(chance.below(256)) : chance.of(NOISE),
      'latin1',
    );
    stirredBytes = chance.of([
      Buffer.concat([before, noise, after]),
      Buffer.concat([before, noise, after.subarray(noise.length)]),
      Buffer.concat([before, after.subarray(chance.below(20))]),
      Buffer.concat([before, before.subarray(-chance.below(40)), after]),
    ]);
  }
  return stirredBytes;
}
