// The fault matrix: a login that may not, or is not there, and sessions that are ended.
import { login } from './login-rows.ts';
import { testGroup } from './run.ts';

testGroup(login);
