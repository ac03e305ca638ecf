// What a snapshot says about events.
import { expect, it } from 'vitest';
import { compile } from '../../../src/engine/compile.ts';
import type { Snapshot } from '../../../src/model/snapshot.ts';
import { scopeOf } from '../../../src/relay/events/scope.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';

const scopeIn = (snapshot: Snapshot) => scopeOf({ snapshot, ruleset: compile(snapshot) });
const rule = (experiment: string) => [{ then: { experiment } }];

const experiments = {
  running: {},
  silent: { exposures: 'off' as const },
  draft: { status: 'draft' as const, unit: 'account' },
  over: { status: 'stopped' as const, unit: 'device' },
};

it('finds where the flags stand that can give an arm of a running experiment whose exposures are wanted', () => {
  const flags = {
    a: {},
    b: { rules: rule('running') },
    c: { rules: rule('draft') },
    d: { rules: rule('silent') },
    e: { fallthrough: { experiment: 'running' } },
    f: { rules: rule('over') },
  };
  expect(scopeIn(snapshotOfBodies({ flags, experiments })).positions).toEqual([1, 4]);
});

it('has no position to look at where no experiment runs', () => {
  const flags = { a: { rules: rule('draft') } };
  expect(scopeIn(snapshotOfBodies({ flags, experiments: { draft: experiments.draft } })).positions).toEqual(
    [],
  );
});

it('takes units by targetingKey and by what experiments split by, also those to come and those that are over', () => {
  const { units } = scopeIn(snapshotOfBodies({ experiments }));
  expect(units.map(({ name }) => name)).toEqual(['targetingKey', 'account', 'device']);
});

it('what stands within a personal attribute is personal, and what only begins like it is not', () => {
  const snapshot = snapshotOfBodies({});
  const [project] = snapshot.definitions;
  if (project?.kind !== 'project') throw new Error('the project comes first');
  project.body.attributes = { contact: { type: 'string', personal: true }, plan: { type: 'string' } };
  const { isPersonal } = scopeIn(snapshot);
  expect(['contact', 'contact.email', 'contacts', 'plan', 'toString'].map(isPersonal)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
