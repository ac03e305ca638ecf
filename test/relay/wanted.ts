// What the tests over a real PostgreSQL write there: the rows of a small project.
import type { FlagBody } from '../../src/model/snapshot.ts';
import type { Wanted } from '../audit/writing.ts';
import { flagBody } from '../support/snapshot.ts';
import { PROJECT } from '../support/sync-project.ts';

/** The project's own row in each of its environments. */
export const salt: Wanted[] = ['dev', 'prod'].map((environment) => ({
  kind: 'project',
  key: PROJECT,
  environment,
  body: { salt: 'c07d2e' },
}));

export const flag = (key: string, body: Partial<FlagBody> = {}, environment = 'prod'): Wanted => ({
  key,
  environment,
  body: flagBody(body),
});

export const off = { fallthrough: { serve: 'off' } } as const;
