// The program that tests run as `halyard`.
import { join } from 'node:path';

export const SOURCE_MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

/** Under vitest the bundle that is made of it, since hundreds of processes of it are started. */
export const MAIN = process.env.HALYARD_TEST_MAIN ?? SOURCE_MAIN;
