// The context: what an app says about the subject of an evaluation (OpenFeature's evaluation context).
import type { JsonValue } from '../lib/json.ts';

/** `targetingKey` is an attribute like any other; a missing one and null are the same. */
export type Context = { readonly [attribute: string]: JsonValue | undefined };
