// The fault matrix: the relay killed, short of files, without names, and with a clock that jumps.
import { machine } from './process-rows.ts';
import { testGroup } from './run.ts';

testGroup(machine);
