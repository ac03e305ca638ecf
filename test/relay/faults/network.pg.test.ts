// The fault matrix: the way to PostgreSQL is slow, cut, silent or somebody else's.
import { network } from './network-rows.ts';
import { testGroup } from './run.ts';

testGroup(network);
