// The fault matrix: PostgreSQL killed, stopped, frozen, a standby, read-only, full and overcrowded.
import { afterAll, beforeAll } from 'vitest';
import { PostgresSeed } from './own-postgres.ts';
import { testGroup } from './run.ts';
import { serverGroup } from './server-rows.ts';

let seed: PostgresSeed;
beforeAll(async () => {
  seed = await PostgresSeed.make();
});
afterAll(() => seed[Symbol.asyncDispose]());

testGroup(serverGroup(() => seed));
