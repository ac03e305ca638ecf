// All pairs: take a check out, and its tests turn red. `node test/checks/prove.ts` does that to each of them.
import { ACCESS_PAIRS } from './access.ts';
import { APPROVAL_PAIRS } from './approvals.ts';
import { DERIVE_PAIRS } from './derive.ts';
import { FORGE_PAIRS } from './forge.ts';
import { FORGERY_PAIRS } from './forgery.ts';
import { GUARD_PAIRS } from './guards.ts';
import type { Pair } from './pair.ts';
import { SIGHT_PAIRS } from './sights.ts';
import { VERIFY_PAIRS } from './verify.ts';

export const PAIRS: readonly Pair[] = [
  ...ACCESS_PAIRS,
  ...APPROVAL_PAIRS,
  ...FORGE_PAIRS,
  ...GUARD_PAIRS,
  ...FORGERY_PAIRS,
  ...SIGHT_PAIRS,
  ...VERIFY_PAIRS,
  ...DERIVE_PAIRS,
];
