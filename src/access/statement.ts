// What an approval says and how it is kept: strict texts, so that one approval has one form and one name. Pure.
import { canonical, sha256Hex } from '../lib/json.ts';
import type { ApprovalEvidence, ApprovalStatement } from '../model/evidence.ts';

/** The namespace of an approval's SSH signature. */
export const APPROVAL_NAMESPACE = 'halyard-approval';
/** A larger blob is no approval. */
export const MOST_APPROVAL_BYTES = 16 * 1024;
const MOST_ENVIRONMENTS = 100;
const LONGEST_NAME = 200;

/** An approval as a repository keeps it: the signed text and its signature. */
export type SignedApproval = Pick<ApprovalEvidence, 'statement' | 'signature'>;

/** The text that is signed. */
export function statementText(statement: ApprovalStatement): string {
  return canonical(statement);
}

/** The blob's content. */
export function approvalText({ statement, signature }: SignedApproval): string {
  return canonical({ signature, statement });
}

/** The name of an approval under its tree's refs: the first 16 hex digits of the content's SHA-256. */
export function approvalId(approval: SignedApproval): string {
  return sha256Hex(approvalText(approval)).slice(0, 16);
}

/** Reads a blob. Undefined for what is not exactly the text of an approval. */
export function parseApproval(content: Uint8Array): SignedApproval | undefined {
  if (content.length > MOST_APPROVAL_BYTES) return undefined;
  const text = decoded(content);
  const value = text === undefined ? undefined : strictObject(text, ['signature', 'statement']);
  if (typeof value?.signature !== 'string' || typeof value.statement !== 'string') return undefined;
  return { statement: value.statement, signature: value.signature };
}

/** Reads a signed text. Undefined for what is not exactly the canonical text of a statement of this version. */
export function parseStatement(text: string): ApprovalStatement | undefined {
  const value = strictObject(text, ['environments', 'expires', 'project', 'tree', 'v']);
  if (value?.v !== 1) return undefined;
  const { project, tree, environments, expires } = value;
  if (!isName(project) || !isTree(tree) || !isInstant(expires) || !isSortedNames(environments))
    return undefined;
  return { v: 1, project, tree, environments, expires };
}

function decoded(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** An object with exactly these members, written canonically: so no member stands twice, and no text is broken. */
function strictObject(text: string, members: readonly string[]): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const names = Object.keys(value);
    if (names.length !== members.length || !members.every((name) => Object.hasOwn(value, name)))
      return undefined;
    return canonical(value) === text ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME && value.isWellFormed();
}

function isTree(value: unknown): value is string {
  return typeof value === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}

/** RFC 3339 in UTC with whole seconds, of a time that there is. */
function isInstant(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false;
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value.replace('Z', '.000Z');
}

/** At least one, each once, sorted by UTF-16 units. */
function isSortedNames(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_ENVIRONMENTS) return false;
  return value.every((name, at) => isName(name) && (at === 0 || name > value[at - 1]));
}
