// Who may set and lift an emergency override: one person alone, whom the first rule that fits lets do it without approvals. Pure.
import { ticked } from '../lib/printable.ts';
import type { Signature, SignatureStatus } from '../model/evidence.ts';
import type { Policy } from './policy.ts';
import type { Touch } from './touch.ts';

/**
 * Why the signer may not do it, and who could; undefined where they may. Whole sentences. An emergency cannot wait for
 * others, so a rule that asks for approvals lets nobody override.
 * @param touch of the action `override`, with the flag's path
 */
export function overrideRefusal(policy: Policy, touch: Touch, signature: Signature): string | undefined {
  const { status, person } = signature;
  if (status !== 'valid' || person === undefined) {
    return `${signatureFault(signature)} ${whoCould(policy, touch)}`;
  }
  const decides = policy.ruleFor(person, touch);
  if (decides && isAlone(decides.rule)) return undefined;
  const what = `override ${ticked(touch.key)} (${touch.path}) in ${touch.environment}`;
  const why = decides
    ? `Rule ${decides.number} of the applied policy lets ${person} ${what} with ${approvals(decides.rule)} alone, for which an emergency cannot wait.`
    : `No rule of the applied policy lets ${person} ${what}.`;
  return `${why} ${whoCould(policy, touch)}`;
}

function signatureFault({ status, fingerprint }: Signature): string {
  const words: { [Status in SignatureStatus]?: string } = {
    unsigned: 'The applied policy lets named people override, so it must be signed: give --key.',
    'unknown-key': `The key ${fingerprint} is nobody's in the applied policy.`,
    revoked: `The key ${fingerprint} is revoked in the applied policy.`,
  };
  return words[status] ?? `The signature of ${fingerprint ?? 'the key'} does not hold.`;
}

function whoCould(policy: Policy, touch: Touch): string {
  const people = policy.peopleFor(touch).filter((person) => {
    const decides = policy.ruleFor(person, touch);
    return decides !== undefined && isAlone(decides.rule);
  });
  if (people.length > 0) return `Who could: ${people.join(', ')}.`;
  return 'Nobody could: no rule for this file and environment has `override` among what it lets do.';
}

function isAlone({ approvals = 0 }: { approvals?: number }): boolean {
  return approvals === 0;
}

function approvals({ approvals = 0 }: { approvals?: number }): string {
  return approvals === 1 ? '1 approval' : `${approvals} approvals`;
}
