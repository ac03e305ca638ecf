// What roles and row-level security keep from each login, each with the tests that turn red without it.
import type { Pair } from './pair.ts';

const RELAY_LOGINS = 'src/db/migrations/0005.do.relay-logins.sql';
const SIGHT = 'test/db/row-security.pg.test.ts';

export const SIGHT_PAIRS: readonly Pair[] = [
  ...['snapshot_head', 'environment_definition'].map((table) => ({
    check: `a relay’s login sees one environment alone in ${table}`,
    file: RELAY_LOGINS,
    edits: [[`alter table halyard.${table} enable row level security;`, '']] as const,
    tests: [[SIGHT, '%s sees what it is to see']] as const,
  })),
  {
    check: 'a relay’s login sees its own project’s links alone',
    file: RELAY_LOGINS,
    edits: [
      [
        '  where (select halyard.sees_everything())\n    or e.project = (select l.project',
        '  where true\n    or e.project = (select l.project',
      ],
    ],
    tests: [[SIGHT, '%s sees what it is to see']],
  },
  {
    check: 'a role has the rights that it needs, and no others',
    file: 'src/db/roles.sql',
    edits: [
      [
        'grant select on halyard.snapshot_head, halyard.environment_definition,',
        'grant all on halyard.snapshot_head, halyard.environment_definition,',
      ],
    ],
    tests: [
      ['test/db/roles.pg.test.ts', 'can do with each column and table what it needs, and nothing else'],
    ],
  },
];
