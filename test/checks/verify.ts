// What `audit verify` and a relay look at, each with the tests that turn red without it.
import type { Pair } from './pair.ts';

const VERIFY = 'test/audit/verify.pg.test.ts';
const CHAIN = 'test/audit/chain.test.ts';
const CHECKPOINT = 'test/audit/checkpoint.test.ts';

const CHAIN_PAIRS: Pair[] = [
  {
    check: 'each entry links to the one before it',
    file: 'src/audit/chain-break.ts',
    edits: [['const linked = link.previousHash === previousHash;', 'const linked = true;']],
    tests: [
      [CHAIN, 'with an entry replaced together with its hash is altered there'],
      [VERIFY, 'a content is edited and its hash made to fit'],
    ],
  },
  {
    check: 'each entry’s hash fits its content',
    file: 'src/audit/chain-break.ts',
    edits: [['const fits = link.hash === link.computed;', 'const fits = true;']],
    tests: [
      [CHAIN, 'with an edited entry is altered at that entry'],
      [VERIFY, 'a content is edited'],
    ],
  },
  {
    check: 'no entry is missing in the middle',
    file: 'src/audit/chain-break.ts',
    edits: [['if (link.entry > expected) return', 'if (link.entry < 0) return']],
    tests: [[VERIFY, 'an entry without changes is stored under a later number']],
  },
  {
    check: 'no entry is missing at the end',
    file: 'src/audit/chain-break.ts',
    edits: [['if (stored < Math.max(last, lastNamed)) {', 'if (stored < 0) {']],
    tests: [
      [CHAIN, 'without its last entries is truncated at the first that is gone'],
      [VERIFY, 'the last entry is deleted'],
    ],
  },
  {
    check: 'the project’s row alone does not say where the chain ends',
    file: 'src/audit/chain-break.ts',
    edits: [['Math.max(last, lastNamed)', 'last']],
    tests: [[VERIFY, 'the last entries are deleted and the project’s row is moved back']],
  },
  {
    check: 'no entry stands past the last one',
    file: 'src/audit/chain-break.ts',
    edits: [['if (stored > last) {', 'if (stored < 0) {']],
    tests: [
      [CHAIN, 'with an entry past the project’s last one is inserted there'],
      [VERIFY, 'an entry is appended past the project’s last one'],
    ],
  },
  {
    check: 'a content has one form',
    file: 'src/audit/walk.ts',
    edits: [
      ["if (canonicalText(content) !== row.content) return 'its content is not in canonical form';", ''],
    ],
    tests: [[VERIFY, 'a content is no longer canonical, and its hash made to fit']],
  },
  {
    check: 'a summary follows from its content',
    file: 'src/audit/walk.ts',
    edits: [
      [
        'return canonicalText(summary) === canonicalText(row.summary)',
        'return true || canonicalText(summary) === canonicalText(row.summary)',
      ],
    ],
    tests: [[VERIFY, 'a summary is given to an entry that its content does not have']],
  },
];

const SERVED_PAIRS: Pair[] = [
  {
    check: 'audit_change is what the entries list',
    file: 'src/audit/replay.ts',
    edits: [
      ['differentRows(content.entry, listed, stored) ?? this.#revise(content)', 'this.#revise(content)'],
    ],
    tests: [[VERIFY, 'an audit_change is edited', 'an audit_change is deleted', 'an audit_change is added']],
  },
  {
    check: 'a change begins where the last one ended',
    file: 'src/audit/replay.ts',
    edits: [['if (left !== change.before) {', 'if (left === undefined) {']],
    tests: [[VERIFY, 'a served body is edited, and a later commit goes on from there']],
  },
  {
    check: 'a row is what the last entry left',
    file: 'src/audit/served.ts',
    edits: [['if (row.computed !== left.after) return', 'if (row.revision < 0) return']],
    tests: [[VERIFY, 'a served body and all digests are edited', 'a definition is edited']],
  },
  {
    check: 'no row is missing',
    file: 'src/audit/served.ts',
    edits: [['name} is gone`, entry)', 'name} is gone`, entry) && undefined']],
    tests: [[VERIFY, 'a definition is deleted']],
  },
  {
    check: 'a head names the hash of its entry',
    file: 'src/audit/served.ts',
    edits: [['if (head.entryHash !== hashes[head.entry - 1])', 'if (head.entry < 0)']],
    tests: [[VERIFY, 'the last content is edited and its hash made to fit']],
  },
  {
    check: 'a head’s digest is that of its rows',
    file: 'src/audit/served.ts',
    edits: [['return snapshotDigest(live) === head.digest ?', 'return live.length >= 0 ?']],
    tests: [[VERIFY, 'a head gets another digest']],
  },
  {
    check: 'rows were written when their entry was',
    file: 'src/audit/verify.ts',
    edits: [
      [
        'servedBreak(served, replay, hashes) ??\n    (await stampBreak(connection, project));',
        'servedBreak(served, replay, hashes);',
      ],
    ],
    tests: [['test/audit/tampering-suite.pg.test.ts', 'a changed byte in each column of %s']],
  },
  {
    check: 'the guards are as the migrations made them',
    file: 'src/audit/guarding.ts',
    edits: [["return fault === undefined ? undefined : broken('triggers-off', fault);", 'return undefined;']],
    tests: [[VERIFY, 'verify finds that %s: triggers-off']],
  },
];

const WITNESS_PAIRS: Pair[] = [
  {
    check: 'a chain holds the very entries of its checkpoints',
    file: 'src/audit/checkpoint-break.ts',
    edits: [['if (hash === checkpoint.hash) held = entry;', 'if (hash !== undefined) held = entry;']],
    tests: [
      [CHECKPOINT, 'was rewritten and cut: the earlier one is named'],
      ['test/audit/checkpoint.pg.test.ts', 'is named, by the checkpoints of a '],
    ],
  },
  {
    check: 'a checkpoint is signed',
    file: 'src/audit/checkpoint.ts',
    edits: [["bytes.toString('base64') === signature && verify(", 'bytes.length > 0 || verify(']],
    tests: [[CHECKPOINT, 'with %s is none']],
  },
  {
    check: 'a relay holds the chain to the last entry that it has seen',
    file: 'src/relay/snapshot-store.ts',
    edits: [
      ['if (witness && witnessed !== undefined && witnessed !== witness.hash)', 'if (witness === null)'],
    ],
    tests: [
      ['test/relay/witness.pg.test.ts', 'is refused by a relay that runs, until the right database is back'],
    ],
  },
];

export const VERIFY_PAIRS: readonly Pair[] = [...CHAIN_PAIRS, ...SERVED_PAIRS, ...WITNESS_PAIRS];
