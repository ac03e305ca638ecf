// The operator's signature under an override, and whether the applied policy lets its owner do it.
import { judgeSignature } from '../../access/identity.ts';
import { overrideRefusal } from '../../access/override.ts';
import type { OverrideContent } from '../../audit/content.ts';
import { OVERRIDE_NAMESPACE, overrideStatement } from '../../audit/override-statement.ts';
import { GitError } from '../../git/command.ts';
import { signText } from '../../git/ssh-signature.ts';
import { UsageError } from '../../lib/errors.ts';
import type { ChosenContent } from './content.ts';
import type { OverrideState } from './state.ts';

/** The applied policy does not let the operator do it. Nothing is written. */
export class OverrideRefusedError extends Error {
  override name = 'OverrideRefusedError';
}

export interface Operator {
  /** An SSH private key, or a public one whose private half an agent holds. Without it nothing is signed. */
  keyFile?: string;
  /** Who runs the command, for where no policy names people. */
  name: string;
}

type Sealed = Pick<OverrideContent, 'actor' | 'signature' | 'seal'>;

/** Signs what was chosen for this one place in the chain, and judges it. Throws OverrideRefusedError. */
export async function seal(
  chosen: ChosenContent,
  { head, policy, path }: OverrideState,
  { keyFile, name }: Operator,
): Promise<Sealed> {
  const statement = { text: overrideStatement(chosen, head.lastHash), namespace: OVERRIDE_NAMESPACE };
  const signed = keyFile === undefined ? undefined : await signText(statement, keyFile).catch(notSigned);
  const signature = judgeSignature(
    policy,
    signed ? { status: 'holds', fingerprint: signed.fingerprint } : { status: 'unsigned' },
  );
  const { flag: key, environment } = chosen;
  const touch = { action: 'override', kind: 'flag', key, path, environment } as const;
  const refusal = policy && overrideRefusal(policy, touch, signature);
  if (refusal !== undefined) throw new OverrideRefusedError(refusal);
  return { actor: signature.person ?? name, signature, ...(signed && { seal: signed.signature }) };
}

/** A key that must be touched, or an agent that asks, waits for a person for a minute. */
function notSigned(error: unknown): never {
  if (!(error instanceof GitError)) throw error;
  throw new UsageError(`nothing was signed: ${error.message}`, { cause: error });
}
