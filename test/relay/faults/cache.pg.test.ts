// The fault matrix: a cache that is damaged, full, read-only, gone, somebody else's, or written by a process that is killed.
import { cache } from './cache-rows.ts';
import { testGroup } from './run.ts';

testGroup(cache);
