// Entries and rows deleted, inserted, swapped and cut off, here and there in a long chain.
import { textHash } from '../../src/audit/chain.ts';
import type { Tx } from '../../src/db/transaction.ts';
import type { Tampering } from './changed-bytes.ts';

/** Numbers are unique at every moment, so entries are put aside before they are moved. */
const ASIDE = 100_000;

/** The last entries are of rejected commits. They have left nothing but the project's last judged commit. */
const LAST_REJECTED = 2;

/** By what is done. */
export function strokes(entries: number): Record<string, Tampering[]> {
  const somewhere = [2, 26, 500, entries - 1];
  return {
    'entries that are gone from the middle: deleted': [1, ...somewhere].flatMap((entry): Tampering[] => [
      {
        title: `${entry}`,
        tamper: `delete from halyard.audit_entry where entry = ${entry}`,
        kind: 'deleted',
      },
      {
        title: `${entry} and ten after it`,
        tamper: `delete from halyard.audit_entry where entry between ${entry} and ${Math.min(entry + 10, entries - 1)}`,
        kind: 'deleted',
      },
      {
        title: `${entry}, and the later ones moved up`,
        tamper: `delete from halyard.audit_entry where entry = ${entry};
          update halyard.audit_entry set entry = entry + ${ASIDE} where entry > ${entry};
          update halyard.audit_entry set entry = entry - ${ASIDE + 1} where entry > ${ASIDE}`,
        kind: 'deleted',
      },
    ]),
    'changes, revisions and rows that are gone': [
      {
        title: 'a change',
        tamper: `delete from halyard.audit_change where entry = 500 and environment = 'prod'`,
        kind: 'deleted',
      },
      {
        title: 'all changes of an entry',
        tamper: 'delete from halyard.audit_change where entry = 500',
        kind: 'deleted',
      },
      { title: 'a revision', tamper: 'delete from halyard.revision where number = 300', kind: 'deleted' },
      {
        title: 'a definition',
        tamper: `delete from halyard.definition where key = 'checkout'`,
        kind: 'serving-unaudited',
      },
      {
        title: 'a served row',
        tamper: `delete from halyard.environment_definition where key = 'checkout' and environment = 'prod'`,
        kind: 'serving-unaudited',
      },
      {
        title: 'a tombstone',
        tamper: `delete from halyard.environment_definition where key = 'flag-4' and environment = 'prod'`,
        kind: 'serving-unaudited',
      },
      {
        title: 'a head',
        tamper: `delete from halyard.snapshot_head where environment = 'dev'`,
        kind: 'serving-unaudited',
      },
      { title: 'the project', tamper: 'delete from halyard.project', kind: 'deleted' },
    ],
    'what was put in: inserted': [
      ...somewhere.flatMap((entry): Tampering[] => [
        {
          title: `a copy of ${entry} after it`,
          tamper: (owner) => insertAfter(owner, entry, (text) => text),
          kind: 'inserted',
        },
        {
          title: `a forgery after ${entry}`,
          tamper: (owner) =>
            insertAfter(owner, entry, (text) => text.replace(`"entry":${entry},`, `"entry":${entry + 1},`)),
          kind: 'inserted',
        },
      ]),
      {
        title: 'a change',
        tamper: `insert into halyard.audit_change (project, entry, kind, key, after) values ('acme/shop', 500, 'flag', 'new', '00')`,
        kind: 'inserted',
      },
      {
        title: 'a revision',
        tamper: `insert into halyard.revision (project, number, entry) values ('acme/shop', 9999, 500)`,
        kind: 'inserted',
      },
    ],
    'entries that were swapped: reordered': [
      [1, 2],
      [26, 27],
      [30, 900],
      [entries - 1, entries],
      [1, entries],
    ].flatMap(([a = 0, b = 0]): Tampering[] => [
      {
        title: `${a} and ${b}`,
        tamper: `update halyard.audit_entry set entry = entry + ${ASIDE} where entry in (${a}, ${b});
          update halyard.audit_entry set entry = ${ASIDE + a + b} - entry where entry > ${ASIDE}`,
        kind: 'reordered',
      },
      {
        title: `the contents of ${a} and ${b}`,
        tamper: `update halyard.audit_entry e set content = o.content from halyard.audit_entry o
          where e.entry in (${a}, ${b}) and o.entry = ${a + b} - e.entry`,
        kind: 'reordered',
      },
    ]),
    'tails that were cut off: truncated': [1, 2, 10, 500, entries].flatMap((count): Tampering[] => {
      const cut = `delete from halyard.audit_entry where entry > ${entries - count}`;
      const back = `${cut}; update halyard.project set last_entry = ${entries - count}`;
      return [
        { title: `of ${count}`, tamper: cut, kind: 'truncated' },
        {
          title: `of ${count}, and the project moved back`,
          tamper: back,
          kind: count > LAST_REJECTED ? 'truncated' : 'altered',
        },
      ];
    }),
  };
}

/** A linked entry that fits its hash, and moves all later ones down. */
async function insertAfter(owner: Tx, entry: number, forge: (text: string) => string): Promise<void> {
  const { rows } = await owner.query<{ content: string; hash: string; previous_hash: string }>(
    'select content, hash, previous_hash from halyard.audit_entry where entry = $1',
    [entry],
  );
  const [before] = rows as [{ content: string; hash: string; previous_hash: string }];
  const forged = forge(before.content);
  const isCopy = forged === before.content;
  const previous = isCopy ? before.previous_hash : before.hash;
  await owner.query(`update halyard.audit_entry set entry = entry + ${ASIDE} where entry > $1`, [entry]);
  await owner.query(`update halyard.audit_entry set entry = entry - ${ASIDE - 1} where entry > ${ASIDE}`);
  await owner.query('update halyard.project set last_entry = last_entry + 1');
  await owner.query(
    `insert into halyard.audit_entry (project, entry, previous_hash, content, hash) values ('acme/shop', $1, $2, $3, $4)`,
    [entry + 1, previous, forged, textHash(previous, forged)],
  );
}
