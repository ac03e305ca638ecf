// The order of test files: those that take long start first, so that none of them runs alone at the end, when the others are done.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes more than some 15 s, most of it waiting or in one process; the longest first. A fresh clone knows no durations. */
const LONG = [
  'audit/honest-chains.pg',
  'cli/up.pg',
  'cli/access/agreement.pg',
  'sync/kill.pg',
  'sync/command.pg',
  'sync/hostile/commits.pg',
  'pages',
  'sync/large.pg',
  'cli/plan/brute-force',
  'deploy/observability/observability',
  'events/million-names.pg',
  'relay/events/kill',
  'pages.pg',
  'events/killing.pg',
  'relay/http/idle-connections',
  'relay/events/full-disk',
  'relay/workers/stuck',
].map((name) => join(import.meta.dirname, '..', `${name}.test.ts`));

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONG.filter((path) => !existsSync(path));
    if (gone.length > 0) throw new Error(`it has another name now, or is gone: ${gone.join(', ')}`);
    const others = await super.sort(files);
    const long = LONG.flatMap((path) => others.filter(({ moduleId }) => moduleId === path));
    return [...new Set([...long, ...others])];
  }
}
