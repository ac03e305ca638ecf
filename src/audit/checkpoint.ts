// Checkpoints: an entry of a chain with its hash, signed, so that whoever keeps them sees when the past is rewritten. Pure.
import { sign, verify } from 'node:crypto';
import { canonical } from '../lib/json.ts';
import { fingerprintOf, publicKeyOf, type SigningKey } from './signing-key.ts';

/** The version of the format. */
const VERSION = 1;

/** Canonical JSON (RFC 8785) of all members but `signature` is what is signed. */
export interface Checkpoint {
  v: typeof VERSION;
  project: string;
  entry: number;
  /** Lower-case hex, as the chain has it. */
  hash: string;
  /** When it was signed: RFC 3339, UTC. */
  time: string;
  /** SubjectPublicKeyInfo (RFC 8410), DER in base64. */
  publicKey: string;
  /** Ed25519 (RFC 8032), in base64. */
  signature: string;
}

export type CheckpointLink = Pick<Checkpoint, 'project' | 'entry' | 'hash' | 'time'>;

/** A checkpoint whose signature fits its own key; `fingerprint` says whose that is. */
export interface VerifiedCheckpoint extends Checkpoint {
  fingerprint: string;
}

/** Signs one entry of a chain. */
export function signCheckpoint({ project, entry, hash, time }: CheckpointLink, key: SigningKey): Checkpoint {
  const unsigned = { v: VERSION, project, entry, hash, time, publicKey: key.publicKey } as const;
  const signature = sign(null, Buffer.from(canonical(unsigned)), key.privateKey).toString('base64');
  return { ...unsigned, signature };
}

/** One line of canonical JSON. */
export function checkpointText(checkpoint: Checkpoint): string {
  return canonical(checkpoint);
}

/** The checkpoint that a line of JSON holds, or what is wrong with it, in words. */
export function readCheckpoint(line: string): VerifiedCheckpoint | string {
  const found = parseLine(line);
  if (!isCheckpoint(found)) return 'it is no checkpoint of version 1';
  const key = publicKeyOf(found.publicKey);
  if (!key) return 'its publicKey is no Ed25519 key';
  const { signature, ...unsigned } = found;
  const bytes = Buffer.from(signature, 'base64');
  const holds =
    bytes.toString('base64') === signature && verify(null, Buffer.from(canonical(unsigned)), key, bytes);
  return holds ? { ...found, fingerprint: fingerprintOf(key) } : 'its signature does not fit what it says';
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const MEMBERS: { readonly [Name in keyof Checkpoint]: (value: unknown) => boolean } = {
  v: (value) => value === VERSION,
  project: (value) => typeof value === 'string' && value !== '' && value.isWellFormed(),
  entry: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  hash: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  time: (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
  publicKey: (value) => typeof value === 'string',
  signature: (value) => typeof value === 'string',
};

/** Exactly these members: one more would be signed too, and nobody would know what it means. */
function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(MEMBERS) as (keyof Checkpoint)[];
  return (
    Object.keys(value).length === names.length &&
    names.every((name) => Object.hasOwn(value, name) && MEMBERS[name]((value as Checkpoint)[name]))
  );
}
