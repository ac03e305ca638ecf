// Faults of what a database holds: contents that cannot be served, tables that are locked or another version's, chains that went back.
import { Pool } from '../../../src/db/pool.ts';
import { createDatabase } from '../../support/database.ts';
import { valueAt } from './caller.ts';
import { type FaultGroup, LAST_GOOD } from './fault.ts';
import { type DatabaseStage, databaseFault } from './play.ts';
import { Commits, expectWell, flagOf } from './stage.ts';

const nothing = async () => undefined;

/** A commit whose flag is not as this relay knows flags; the next one is good again. */
const misshapen = (name: string, body: object, message: RegExp) =>
  databaseFault({
    name,
    users: LAST_GOOD,
    operator: '`does-not-compile`: which flag, and why',
    says: { code: 'does-not-compile', message },
    begin: async ({ commits }) => {
      const value = valueAt(commits.revision + 1);
      await commits.next([{ ...flagOf(value, body), key: 'misshapen' }]);
    },
    end: async ({ commits }) => void (await commits.next([{ ...flagOf(0), key: 'misshapen' }])),
  });

/** A superuser puts the guards aside and changes what is served; the next commit mends it. */
const tampered = (name: string, code: string, message: RegExp, table: string, statement: string) =>
  databaseFault({
    name,
    users: LAST_GOOD,
    operator: `\`${code}\`: run \`halyard audit verify\``,
    says: { code, message },
    begin: async ({ commits }) =>
      commits.run(
        `alter table halyard.${table} disable trigger all`,
        statement,
        `alter table halyard.${table} enable trigger all`,
      ),
    end: nothing,
  });

/** The relay finds a database with another history behind the same address, and then the right one again. */
const otherHistory = (name: string, message: RegExp, build: (other: Commits) => Promise<unknown>) =>
  databaseFault({
    name,
    users: LAST_GOOD,
    operator: '`rewound`, `halyard_source_rewound` 1',
    says: { code: 'rewound', message },
    begin: async ({ relay, proxy, commits, stack }) => {
      await commits.next();
      await expectWell(relay, await commits.next());
      const other = stack.use(await createDatabase());
      await build(new Commits(other.url));
      proxy.lead(other.name);
    },
    end: async ({ proxy }) => proxy.lead(undefined),
  });

/** A transaction of somebody else's holds a table for itself alone. */
const locked = (name: string, table: string, before: (stage: DatabaseStage) => Promise<unknown>) => {
  const held = new WeakMap<Commits, () => Promise<void>>();
  return databaseFault({
    name,
    users: LAST_GOOD,
    operator: '`postgres`: cannot answer now, or does not answer',
    says: { code: 'postgres', message: /cannot answer now|does not answer/ },
    begin: async (stage) => {
      const release = Promise.withResolvers<void>();
      const pool = stage.stack.use(new Pool(stage.database.url, { maxConnections: 1 }));
      stage.stack.defer(release.resolve);
      const isHeld = Promise.withResolvers<void>();
      const holding = pool.withConnection(async (connection) => {
        await connection.query('begin');
        await before(stage);
        await connection.query(`lock table halyard.${table} in access exclusive mode`);
        isHeld.resolve();
        await release.promise;
        await connection.query('rollback');
      });
      held.set(stage.commits, () => {
        release.resolve();
        return holding;
      });
      await Promise.race([isHeld.promise, holding]);
    },
    end: async ({ commits }) => held.get(commits)?.(),
  });
};

const HISTORIES = [
  otherHistory('the database is an older backup', /went back: audit entry 3/, (other) => other.next()),
  otherHistory('the database has another chain, which is longer', /another one: entry 3/, async (other) => {
    for (let at = 0; at < 5; at++) await other.next([], -at);
  }),
  otherHistory('the database is empty: a new installation', /no longer holds/, nothing),
];

const CONTENTS = [
  misshapen(
    'a flag serves a variation that it has not',
    { fallthrough: { serve: 'no-such-variation' } },
    /misshapen.*no-such-variation/,
  ),
  misshapen(
    'a flag uses an operator that only a newer relay knows',
    { rules: [{ if: { attribute: 'plan', operator: 'sounds-like', value: 'pro' }, then: { serve: 'now' } }] },
    /misshapen.*sounds-like/,
  ),
  misshapen(
    'a flag has an outcome that only a newer relay knows',
    { fallthrough: { raffle: 'now' } },
    /misshapen/,
  ),
  misshapen('a flag is not even shaped like one', { variations: 7, rules: { a: 1 } }, /./),
  tampered(
    'the rows are not those of the digest that the head names',
    'digest',
    /has not the digest/,
    'snapshot_head',
    `update halyard.snapshot_head set digest = repeat('0', 64)`,
  ),
  databaseFault({
    name: 'a row is not what its own digest says',
    users: LAST_GOOD,
    operator: '`digest`: run `halyard audit verify`',
    says: { code: 'digest', message: /has not the digest/ },
    begin: async ({ relay, commits }) => {
      await expectWell(relay, await commits.next([{ ...flagOf(0), key: 'other' }]));
      await commits.run(
        'alter table halyard.environment_definition disable trigger all',
        `update halyard.environment_definition set body = replace(body, '-1', '-2'), revision = 3 where key = 'other'`,
        'alter table halyard.environment_definition enable trigger all',
      );
      await commits.next();
    },
    end: async ({ commits }) => void (await commits.next([{ ...flagOf(0), key: 'other' }])),
  }),
  tampered(
    'what is served names an audit entry that the chain does not hold so',
    'unaudited',
    /names audit entry/,
    'snapshot_head',
    `update halyard.snapshot_head set entry_hash = repeat('0', 64)`,
  ),
  tampered(
    'the head of the environment is deleted',
    'rewound',
    /no longer holds acme\/shop prod/,
    'snapshot_head',
    'delete from halyard.snapshot_head',
  ),
];

const SCHEMA = [
  locked('the table of heads is locked (access exclusive)', 'snapshot_head', nothing),
  locked(
    'a change has come, and the table of definitions is locked',
    'environment_definition',
    ({ commits }) => commits.next(),
  ),
  ...[
    [
      'the schema is a newer version’s: a column has another name',
      'rename column digest to checksum',
      'rename column checksum to digest',
    ],
    ['the schema is a newer version’s: a table has another name', 'rename to head', undefined],
  ].map(([name = '', there = '', back]) =>
    databaseFault({
      name,
      users: LAST_GOOD,
      operator: '`configuration`: which version is wanted',
      says: { code: 'configuration', message: /does not exist/ },
      begin: ({ commits }) => commits.run(`alter table halyard.snapshot_head ${there}`),
      end: ({ commits }) =>
        commits.run(
          back
            ? `alter table halyard.snapshot_head ${back}`
            : 'alter table halyard.head rename to snapshot_head',
        ),
    }),
  ),
];

export const database: FaultGroup = {
  title: 'What the database holds',
  file: 'database.pg.test.ts',
  rows: [...CONTENTS, ...HISTORIES, ...SCHEMA],
};
