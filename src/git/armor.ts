// Reads what an armored signature is, strictly, before any program is asked whether it holds. Pure.
import { createHash } from 'node:crypto';

/**
 * - `ssh`: with the key that it carries, as a line of an allowed-signers file has it, and the key's fingerprint
 * - `openpgp`: one detached signature of version 4
 * - `foreign`: of a kind that is not taken: X.509, an SSH certificate, a key or a version that not every machine can verify
 * - `unreadable`: anything else
 */
export type ReadSignature =
  | { kind: 'ssh'; key: string; fingerprint: string; namespace: string }
  | { kind: 'openpgp' }
  | { kind: 'foreign' }
  | { kind: 'unreadable' };

const LONGEST_ARMOR = 65_536;

/** The forms of keys that every OpenSSH verifies. DSA is gone from new ones. */
const SSH_KEYS = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
]);
const SSH_DIGESTS = new Set(['sha256', 'sha512']);
/** SHA-256, 384, 512 and 224 (RFC 9580 §9.5); MD5, SHA-1 and RIPEMD-160 prove nothing any more. */
const OPENPGP_DIGESTS = new Set([8, 9, 10, 11]);
/** A signature of a binary document (RFC 9580 §5.2.1): others leave line ends open. */
const OF_BYTES = 0;

const UNREADABLE = { kind: 'unreadable' } as const;

/** Exactly one armored block, with nothing around it but line ends behind. */
export function readArmor(text: string): ReadSignature {
  if (text.length > LONGEST_ARMOR) return UNREADABLE;
  const block =
    /^-----BEGIN (SSH SIGNATURE|PGP SIGNATURE|SIGNED MESSAGE)-----\n([\s\S]*)\n-----END \1-----\n*$/.exec(
      text,
    );
  const body = block?.[2] ?? '';
  if (block?.[1] === 'SIGNED MESSAGE') return { kind: 'foreign' };
  if (block?.[1] === 'SSH SIGNATURE') return readSsh(decode(body));
  // RFC 9580 §6.2: armor headers, an empty line, the base64 text and maybe its checksum, which says nothing of worth.
  const openpgp = /^(?:[A-Z][A-Za-z]*: [^\n]*\n)*\n([^:]*?)(?:\n=[A-Za-z0-9+/]{4})?$/.exec(body);
  return openpgp ? readOpenPgp(decode(openpgp[1] ?? '')) : UNREADABLE;
}

/** Lines of base64, in its one normal form; undefined for anything else. */
function decode(lines: string): Buffer | undefined {
  const text = lines.replaceAll('\n', '');
  const bytes = Buffer.from(text, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}

/** `PROTOCOL.sshsig` of OpenSSH: a magic word, a version, and then strings. */
function readSsh(blob: Buffer | undefined): ReadSignature {
  if (blob?.toString('latin1', 0, 6) !== 'SSHSIG' || blob.length < 10 || blob.readUInt32BE(6) !== 1)
    return UNREADABLE;
  const [key, namespace, reserved, digest, signature, ...more] = readStrings(blob.subarray(10)) ?? [];
  if (!key || !namespace || !digest || !signature || reserved?.length !== 0 || more.length > 0)
    return UNREADABLE;
  if (!SSH_DIGESTS.has(digest.toString('latin1'))) return UNREADABLE;
  const type = readString(key, 0)?.toString('latin1') ?? '';
  if (!SSH_KEYS.has(type)) return { kind: 'foreign' };
  const fingerprint = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
  return {
    kind: 'ssh',
    key: `${type} ${key.toString('base64')}`,
    fingerprint: `SHA256:${fingerprint}`,
    namespace: namespace.toString('latin1'),
  };
}

function readStrings(bytes: Buffer): Buffer[] | undefined {
  const strings: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const text = readString(bytes, at);
    if (!text) return undefined;
    strings.push(text);
    at += 4 + text.length;
  }
  return strings;
}

/** RFC 4251 §5: a length of four bytes, and as many bytes. */
function readString(bytes: Buffer, at: number): Buffer | undefined {
  if (at + 4 > bytes.length) return undefined;
  const end = at + 4 + bytes.readUInt32BE(at);
  return end <= bytes.length ? bytes.subarray(at + 4, end) : undefined;
}

/** One packet alone, so that no second signature and no message of its own can hide behind the first. */
function readOpenPgp(bytes: Buffer | undefined): ReadSignature {
  const body = bytes && readPacket(bytes);
  if (!body) return UNREADABLE;
  const [version, type, , digest = 0] = body;
  if (version !== 4) return { kind: 'foreign' };
  return type === OF_BYTES && OPENPGP_DIGESTS.has(digest) ? { kind: 'openpgp' } : UNREADABLE;
}

/** The body of a signature packet that is all there is; RFC 9580 §4.2, with none of the lengths that leave the end open. */
function readPacket(bytes: Buffer): Buffer | undefined {
  const [tag = 0, first = 0] = bytes;
  const isNew = (tag & 0xc0) === 0xc0;
  if ((tag & 0x80) === 0 || (isNew ? tag & 0x3f : (tag >> 2) & 0x0f) !== 2) return undefined;
  const lengthBytes = isNew ? newLengthBytes(first) : [1, 2, 4][tag & 0x03];
  if (lengthBytes === undefined || bytes.length < 1 + lengthBytes) return undefined;
  const body = bytes.subarray(1 + lengthBytes);
  return body.length === readLength(bytes.subarray(1, 1 + lengthBytes), isNew) ? body : undefined;
}

function newLengthBytes(first: number): number | undefined {
  if (first < 192) return 1;
  if (first < 224) return 2;
  return first === 255 ? 5 : undefined;
}

function readLength(bytes: Buffer, isNew: boolean): number {
  if (isNew && bytes.length === 5) return bytes.readUInt32BE(1);
  if (isNew && bytes.length === 2) return bytes.readUInt16BE(0) - (192 << 8) + 192;
  return bytes.readUIntBE(0, bytes.length);
}
