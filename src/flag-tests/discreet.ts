// Explanations without the values of personal attributes: what a test prints ends up in the logs of a build server.
import type { Explanation } from '../engine/explain.ts';

export const HIDDEN = '<personal>';

/** The same explanation; what it found in personal attributes, and compared them with, is hidden. */
export function discreet(explanation: Explanation, personal: ReadonlySet<string>): Explanation {
  if (personal.size === 0) return explanation;
  const { decision, ...rest } = explanation;
  return { decision, ...(hide(rest, personal) as typeof rest) };
}

/** Whatever names an attribute has its values beside it. */
function hide(part: unknown, personal: ReadonlySet<string>): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => hide(item, personal));
  const { attribute } = part as { attribute?: unknown };
  const isPersonal = typeof attribute === 'string' && personal.has(attribute);
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      return isPersonal && (key === 'value' || key === 'found')
        ? [key, HIDDEN]
        : [key, hide(value, personal)];
    }),
  );
}
