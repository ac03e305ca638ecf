// Two projects: pure tests, and tests that need PostgreSQL (`*.pg.test.ts`), which share one server.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    // Many tests wait for processes of their own, so one more file at a time than there are cores keeps these busy.
    maxWorkers: availableParallelism() + 1,
    globalSetup: ['test/support/bundled-command.ts'],
    sequence: { sequencer: LongestFirst },
    // Packages are imported as Node does it.
    deps: { interopDefault: false },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.pg.test.ts'],
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
