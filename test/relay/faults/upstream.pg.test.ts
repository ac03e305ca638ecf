// The fault matrix: a relay behind a relay that is killed, frozen, stale, cut off, or lies.
import { testGroup } from './run.ts';
import { upstream } from './upstream-rows.ts';

testGroup(upstream);
