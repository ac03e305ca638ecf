// Three projects: tests of what is pure, of what is not, and of what needs PostgreSQL (`*.pg.test.ts`), which share one server.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** The rooms of what is a function of what it is given: their tests leave nothing behind for those of the next file. */
const PURE = [
  'access',
  'authoring',
  'changes',
  'definitions',
  'engine',
  'flag-tests',
  'import',
  'lib',
  'logic',
  'model',
  'plan',
  'stats',
].map((room) => `test/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Many tests wait for processes of their own, so one more file at a time than there are cores keeps these busy.
    maxWorkers: availableParallelism() + 1,
    globalSetup: ['test/support/bundled-command.ts'],
    sequence: { sequencer: LongestFirst },
    // Packages are imported as Node does it.
    deps: { interopDefault: false },
    // A process for each file would take a tenth of all time.
    isolate: false,
    projects: [
      {
        test: {
          name: 'pure',
          include: PURE,
          pool: 'threads',
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...PURE, 'test/**/*.pg.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'pg',
          include: ['test/**/*.pg.test.ts'],
          globalSetup: ['test/support/postgres-server.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
