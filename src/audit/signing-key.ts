// Ed25519 keys as people have them: PEM as openssl writes it, or the files of ssh-keygen. Pure.
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { UsageError } from '../lib/errors.ts';
import { ByteReader, TooShortError } from './byte-reader.ts';

export interface SigningKey {
  privateKey: KeyObject;
  /** SubjectPublicKeyInfo (RFC 8410), DER in base64: what stands between the lines of a PEM file. */
  publicKey: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  fingerprint: string;
}

const SSH_TYPE = 'ssh-ed25519';
const SSH_MAGIC = 'openssh-key-v1\0';
const SSH_FILE =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END OPENSSH PRIVATE KEY-----\s*$/;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;

/**
 * Reads a private key file's text.
 * @param name how messages call the file. Throws UsageError for a key of another kind, an encrypted one, and what is none
 */
export function readSigningKey(text: string, name: string): SigningKey {
  const openssh = SSH_FILE.exec(text)?.[1];
  const privateKey = openssh === undefined ? fromPem(text, name) : fromOpenSsh(openssh, name);
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new UsageError(`${name} holds a key of type ${privateKey.asymmetricKeyType}. ${WANTED}`);
  }
  const publicKey = createPublicKey(privateKey);
  return { privateKey, publicKey: spki(publicKey), fingerprint: fingerprintOf(publicKey) };
}

/** The fingerprint that is given, or that of the public key file whose text is given. Throws UsageError. */
export function readSigner(text: string, name: string): string {
  const trimmed = text.trim();
  if (FINGERPRINT.test(trimmed)) return trimmed;
  const [, type, blob] = /^(ssh-\S+|ecdsa-\S+|sk-\S+) ([A-Za-z0-9+/=]+)(?: .*)?$/.exec(trimmed) ?? [];
  if (type === SSH_TYPE && blob) return sshFingerprint(Buffer.from(blob, 'base64'));
  if (trimmed.startsWith('-----BEGIN PUBLIC KEY-----')) {
    const key = parsed(() => createPublicKey(trimmed));
    if (key?.asymmetricKeyType === 'ed25519') return fingerprintOf(key);
  }
  throw new UsageError(
    `${name} is no Ed25519 public key. Give a file of one (id_ed25519.pub, or PEM) or its fingerprint, SHA256:….`,
  );
}

/** The key that SubjectPublicKeyInfo in base64 holds; undefined where it is no Ed25519 key, or written otherwise. */
export function publicKeyOf(base64: string): KeyObject | undefined {
  const der = Buffer.from(base64, 'base64');
  const key = parsed(() => createPublicKey({ key: der, format: 'der', type: 'spki' }));
  return key?.asymmetricKeyType === 'ed25519' && spki(key) === base64 ? key : undefined;
}

/** As `ssh-keygen -l` prints it: over the key in the form of RFC 8709. */
export function fingerprintOf(key: KeyObject): string {
  const point = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  return sshFingerprint(Buffer.concat([sshString(Buffer.from(SSH_TYPE)), sshString(point)]));
}

function sshFingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function sshString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function spki(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).toString('base64');
}

const WANTED =
  'Checkpoints are signed with an Ed25519 key: `openssl genpkey -algorithm ed25519`, or `ssh-keygen -t ed25519 -N ""`.';

function fromPem(text: string, name: string): KeyObject {
  if (/ENCRYPTED/.test(text)) throw encrypted(name);
  const key = parsed(() => createPrivateKey(text));
  if (key) return key;
  throw new UsageError(`${name} holds no private key that can be read. ${WANTED}`);
}

/** OpenSSH's PROTOCOL.key: the public key, then twice the same random number, the private one, and padding. */
function fromOpenSsh(base64: string, name: string): KeyObject {
  const damaged = () => new UsageError(`${name} is a damaged OpenSSH key.`);
  try {
    const file = new ByteReader(Buffer.from(base64, 'base64'));
    if (file.take(SSH_MAGIC.length).toString('latin1') !== SSH_MAGIC) throw damaged();
    const [cipher] = [file.text(), file.text(), file.string()];
    if (cipher !== 'none') throw encrypted(name);
    if (file.number() !== 1) throw damaged();
    file.string();
    const inner = new ByteReader(file.string());
    const [check, again] = [inner.number(), inner.number()];
    if (check !== again) throw damaged();
    const type = inner.text();
    if (type !== SSH_TYPE) throw new UsageError(`${name} holds a key of type ${type}. ${WANTED}`);
    const [point, secret] = [inner.string(), inner.string()];
    if (point.length !== 32 || secret.length !== 64 || !secret.subarray(32).equals(point)) throw damaged();
    return fromSeed(secret.subarray(0, 32), point) ?? raise(damaged());
  } catch (error) {
    if (error instanceof TooShortError) throw damaged();
    throw error;
  }
}

/** Undefined where the public key is not that of the private one. */
function fromSeed(seed: Buffer, point: Buffer): KeyObject | undefined {
  const [d, x] = [seed, point].map((bytes) => bytes.toString('base64url')) as [string, string];
  const key = parsed(() => createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d, x } }));
  return key && createPublicKey(key).export({ format: 'jwk' }).x === x ? key : undefined;
}

function encrypted(name: string): UsageError {
  return new UsageError(
    `${name} is encrypted, and nobody is there to type its passphrase. Make a key without one, readable by its user alone.`,
  );
}

function parsed(make: () => KeyObject): KeyObject | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function raise(error: Error): never {
  throw error;
}
