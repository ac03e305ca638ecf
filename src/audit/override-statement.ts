// What the operator of an emergency override signs: what they chose, and the one place in the chain where it may stand.
import { canonical } from '../lib/json.ts';
import type { OverrideContent } from './content.ts';

/** Keeps a seal from passing for a signature of anything else. */
export const OVERRIDE_NAMESPACE = 'halyard-override';

/** An override ends by itself, at the latest after so long. */
export const LONGEST_OVERRIDE_MS = 24 * 3_600_000;

type Derived = 'signature' | 'seal' | 'actor' | 'changes';

/**
 * The canonical JSON of the content without `signature`, `seal`, `actor` and `changes`, which follow from the seal, the
 * policy and the rows; and with `previousHash`, so that a seal is worth nothing after any other entry.
 * @param previousHash the hash of the entry before, lower-case hex
 */
export function overrideStatement(
  content: Omit<OverrideContent, Derived> & Partial<Pick<OverrideContent, Derived>>,
  previousHash: string,
): string {
  const { signature: _signature, seal: _seal, actor: _actor, changes: _changes, ...chosen } = content;
  return canonical({ ...chosen, previousHash });
}
