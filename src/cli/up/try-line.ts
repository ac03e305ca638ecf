// A `curl` line that works as printed: it asks the relay that runs for a flag that there is.

const CONTEXT = { targetingKey: 'user-1' };
const DEADLINE_MS = 2_000;

interface Answers {
  flags: Record<string, { reason: string }>;
}

/** Undefined while the relay has no flag to answer for. */
export async function tryLine(relayUrl: string): Promise<string | undefined> {
  const flag = await tellingFlag(relayUrl);
  if (flag === undefined) return undefined;
  const body = JSON.stringify({ context: CONTEXT });
  return `curl -s ${relayUrl}/v1/evaluate/${flag} -H 'content-type: application/json' -d '${body}'`;
}

/** A flag whose answer depends on who asks shows more than one that is the same for everyone. */
async function tellingFlag(relayUrl: string): Promise<string | undefined> {
  const response = await fetch(`${relayUrl}/v1/evaluate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ context: CONTEXT }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch(() => undefined);
  if (!response?.ok) return undefined;
  const flags = Object.entries(((await response.json()) as Answers).flags);
  const telling = flags.find(([, { reason }]) => reason === 'SPLIT' || reason === 'TARGETING_MATCH');
  return (telling ?? flags[0])?.[0];
}
