// The format of a spool's files: a first line, then frames, each of which vouches for its events with a length and a checksum.
import { crc32 } from 'node:zlib';

/** The format's name and number. */
export const SEGMENT_HEAD = Buffer.from('halyard-events 1\n');
/** Bytes of the payload, events in it, milliseconds since 1970 at which the first came, checksum of these and the payload. */
const HEAD_BYTES = 20;
const CHECKSUM_AT = 16;

export interface Frame {
  lines: Buffer;
  count: number;
  atMs: number;
}

export function frameOf({ lines, count, atMs }: Frame): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + lines.length);
  frame.writeUInt32LE(lines.length, 0);
  frame.writeUInt32LE(count, 4);
  frame.writeDoubleLE(atMs, 8);
  lines.copy(frame, HEAD_BYTES);
  frame.writeUInt32LE(checksumOf(frame), CHECKSUM_AT);
  return frame;
}

export interface FrameAt extends Frame {
  /** Where the next one begins. */
  end: number;
}

/** The frame that begins there. Undefined where there is no whole one: the bytes end before it does, or are damaged. */
export function frameAt(bytes: Buffer, at: number): FrameAt | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined;
  const end = at + HEAD_BYTES + bytes.readUInt32LE(at);
  const count = bytes.readUInt32LE(at + 4);
  if (count === 0 || end > bytes.length) return undefined;
  const frame = bytes.subarray(at, end);
  if (checksumOf(frame) !== frame.readUInt32LE(CHECKSUM_AT)) return undefined;
  return { lines: frame.subarray(HEAD_BYTES), count, atMs: frame.readDoubleLE(8), end };
}

/** How long the frame is that the bytes begin with, as it says itself: damaged, it may say anything. 0: too few bytes to say. */
export function lengthAt(bytes: Buffer): number {
  return bytes.length < HEAD_BYTES ? 0 : HEAD_BYTES + bytes.readUInt32LE(0);
}

/** Up to where a frame goes that is damaged: where the next whole one begins, else to the end. Lines look like none. */
export function endOfDamaged(bytes: Buffer): number {
  for (let at = 1; at < bytes.length; at++) if (frameAt(bytes, at)) return at;
  return bytes.length;
}

/**
 * Up to where a whole file was written: behind it stands the part of a frame that a killed process left, which is shorter than its
 * own first bytes say. What is damaged otherwise counts, so that whoever reads it tells.
 */
export function endOfWritten(bytes: Buffer): number {
  let end = Math.min(SEGMENT_HEAD.length, bytes.length);
  for (;;) {
    const next = frameAt(bytes, end)?.end ?? end + endOfDamaged(bytes.subarray(end));
    if (next === bytes.length && isCutShort(bytes.subarray(end))) return end;
    end = next;
  }
}

/** Or zeros, which a machine without power leaves in place of what it had not written yet. */
function isCutShort(bytes: Buffer): boolean {
  if (bytes.length < HEAD_BYTES || bytes.subarray(4, HEAD_BYTES).every((byte) => byte === 0)) return true;
  if (HEAD_BYTES + bytes.readUInt32LE(0) <= bytes.length) return false;
  // Whole but for its length: that is damaged.
  const whole = Buffer.from(bytes);
  whole.writeUInt32LE(bytes.length - HEAD_BYTES, 0);
  return checksumOf(whole) !== whole.readUInt32LE(CHECKSUM_AT);
}

function checksumOf(frame: Buffer): number {
  return crc32(frame.subarray(HEAD_BYTES), crc32(frame.subarray(0, CHECKSUM_AT)));
}
