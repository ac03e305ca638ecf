// Whether a webhook's request comes from someone who knows the secret: GitHub's signature or GitLab's token.
import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/**
 * True where `X-Hub-Signature-256` is the HMAC-SHA256 of the raw body (GitHub, Gitea, Forgejo), or `X-Gitlab-Token` is the
 * secret. Compares in constant time. Keeps nothing of the body, which may be a stranger's and large.
 */
export async function isFromForge(
  secret: string,
  headers: { readonly [name: string]: string | string[] | undefined },
  body: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const mac = createHmac('sha256', secret);
  for await (const chunk of body) mac.update(chunk);
  const signature = headers['x-hub-signature-256'];
  if (typeof signature === 'string') return areEqual(signature, `sha256=${mac.digest('hex')}`);
  const token = headers['x-gitlab-token'];
  return typeof token === 'string' && areEqual(token, secret);
}

/** Digests have one length, so the time says nothing about where two texts differ, nor how long they are. */
function areEqual(given: string, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'));
}
