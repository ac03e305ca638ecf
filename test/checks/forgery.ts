// Pairs: what verify holds against entries that no sync would write, and against an owner who changes the tables themselves.
import type { Pair } from './pair.ts';

const ENTRIES = 'test/audit/forged-entries.pg.test.ts';
const TABLES = 'test/audit/doctored-tables.pg.test.ts';

export const FORGERY_PAIRS: readonly Pair[] = [
  {
    check: 'no entry is of an older version than the one before',
    file: 'src/audit/derive/version.ts',
    edits: [['if (v < state.version)', 'if (v < 0)']],
    tests: [[ENTRIES, 'an override is of version 1']],
  },
  {
    check: 'no entry is of a version that is not known',
    file: 'src/audit/derive/version.ts',
    edits: [['if (v < 1 || v > CONTENT_VERSION)', 'if (v < 1)']],
    tests: [[ENTRIES, 'an entry is of a version that there is not']],
  },
  {
    check: 'version 1 knows no policies',
    file: 'src/audit/derive/version.ts',
    edits: [['if (v >= JUDGED_VERSION) return undefined;', 'if (v > 0) return undefined;']],
    tests: [[ENTRIES, 'an import with a policy is of version 1']],
  },
  {
    check: 'a commit brings its history along',
    file: 'src/audit/derive/commit-derivation.ts',
    edits: [
      [
        'if (state.accepted === undefined && this.#isGone)',
        'if (this.#isGone && this.#isGone === undefined)',
      ],
    ],
    tests: [
      [ENTRIES, 'a commit that never was hides between those that are, though a history was accepted later'],
    ],
  },
  {
    check: 'an override ends within 24 hours of being recorded',
    file: 'src/audit/derive/operator-entry.ts',
    edits: [
      ['return standsMs <= LONGEST_OVERRIDE_MS + WIDEST_SKEW_MS', 'return standsMs <= Number.MAX_VALUE'],
    ],
    tests: [[ENTRIES, 'an override that is dated into the future does not stand for years']],
  },
  {
    check: 'a content is one that an entry has',
    file: 'src/audit/walk.ts',
    edits: [['return isContent(content) ?', 'return content ?']],
    tests: [[ENTRIES, 'no evidence', 'an action that there is not']],
  },
  {
    check: 'an environment has one head',
    file: 'src/audit/served.ts',
    edits: [
      [
        "if (twice) return broken('serving-unaudited',",
        "if (twice && !twice) return broken('serving-unaudited',",
      ],
    ],
    tests: [[TABLES, 'a head comes before the one that is right']],
  },
  {
    check: 'PostgreSQL fires the triggers that it has',
    file: 'src/db/guards.ts',
    edits: [
      [
        "case when not c.relhastriggers then 'triggers ignored' end",
        'case when not c.relhastriggers then null end',
      ],
    ],
    tests: [[TABLES, 'PostgreSQL is told that a table has no triggers']],
  },
  {
    check: 'a function is known by its arguments',
    file: 'src/db/guards.ts',
    edits: [
      [
        "format('function %s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid))",
        "format('function %s()', p.proname)",
      ],
    ],
    tests: [[TABLES, 'a guard does nothing, beside one of its name and text']],
  },
];
