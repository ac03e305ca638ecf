// The fault matrix: a folder that vanishes, is half written, or may not be read.
import { directory } from './directory-rows.ts';
import { testGroup } from './run.ts';

testGroup(directory);
