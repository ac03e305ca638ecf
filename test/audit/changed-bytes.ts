// Single bytes changed: many places of contents, and each column of each table.
import type { BreakKind } from '../../src/audit/break.ts';
import type { Queryable } from '../../src/db/pool.ts';
import type { Tx } from '../../src/db/transaction.ts';

export interface Tampering {
  title: string;
  tamper: string | ((owner: Tx) => Promise<unknown>);
  /** What verify must call it. */
  kind: BreakKind;
}

/** A linear congruential generator (Numerical Recipes): the same places in every run. */
function* places(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

/** The character with one byte changed, of the same sort, so that JSON stays JSON and a digest a digest. */
function otherByte(character: string): string {
  if (/[0-8]/.test(character)) return String(Number(character) + 1);
  if (character === '9') return '8';
  return character === 'a' ? 'b' : 'a';
}

function withByte(text: string, at: number): string {
  return text.slice(0, at) + otherByte(text[at] ?? '') + text.slice(at + 1);
}

/** Letters and digits of contents, wherever they are: in names of members, in digests, in patches. */
export async function bytesOfContents(database: Queryable, entries: number): Promise<Tampering[]> {
  const picked = places(7);
  const next = (below: number): number => (picked.next().value as number) % below;
  const cases: Tampering[] = [];
  while (cases.length < 30) {
    const entry = cases.length === 0 ? 1 : cases.length === 1 ? entries : 1 + next(entries);
    const { rows } = await database.query<{ content: string }>(
      'select content from halyard.audit_entry where entry = $1',
      [entry],
    );
    const content = rows[0]?.content ?? '';
    const at = next(content.length);
    const isNumber = /"entry":\d*$/.test(content.slice(0, at));
    if (!/[a-z0-9]/.test(content[at] ?? '') || isNumber || /\\.?$/.test(content.slice(0, at))) continue;
    const changed = withByte(content, at);
    cases.push({
      title: `byte ${at} of entry ${entry}`,
      tamper: (owner) =>
        owner.query('update halyard.audit_entry set content = $2 where entry = $1', [entry, changed]),
      kind: 'altered',
    });
  }
  return cases;
}

type Columns = Record<string, BreakKind>;

/** What a changed byte of each column is called. */
const COLUMNS: Record<string, { rows: (entries: number) => string[]; columns: Columns }> = {
  audit_entry: {
    rows: (entries) => ['entry = 1', 'entry = 517', `entry = ${entries}`],
    columns: { previous_hash: 'altered', hash: 'altered' },
  },
  audit_change: {
    rows: () => [`entry = 4 and environment = 'prod'`, `entry = 500 and environment = 'prod'`],
    columns: {
      project: 'deleted',
      kind: 'deleted',
      key: 'deleted',
      environment: 'deleted',
      before: 'altered',
      after: 'altered',
      xid: 'altered',
      entry: 'deleted',
    },
  },
  revision: {
    rows: () => ['number = 400', 'number = (select max(l.number) from halyard.revision l)'],
    columns: {
      project: 'deleted',
      number: 'deleted',
      entry: 'altered',
      commit: 'altered',
      applied_at: 'altered',
    },
  },
  definition: {
    rows: () => [`key = 'checkout'`, `kind = 'segment'`],
    columns: {
      project: 'serving-unaudited',
      kind: 'serving-unaudited',
      key: 'serving-unaudited',
      body: 'serving-unaudited',
      digest: 'serving-unaudited',
      revision: 'serving-unaudited',
    },
  },
  environment_definition: {
    rows: () => [`key = 'checkout' and environment = 'prod'`, `kind = 'project' and environment = 'dev'`],
    columns: {
      project: 'serving-unaudited',
      environment: 'serving-unaudited',
      kind: 'serving-unaudited',
      key: 'serving-unaudited',
      body: 'serving-unaudited',
      digest: 'serving-unaudited',
      revision: 'serving-unaudited',
      deleted: 'serving-unaudited',
    },
  },
  snapshot_head: {
    rows: () => [`environment = 'prod'`, `environment = 'dev'`],
    columns: {
      environment: 'serving-unaudited',
      revision: 'serving-unaudited',
      commit: 'serving-unaudited',
      digest: 'serving-unaudited',
      entry: 'serving-unaudited',
      entry_hash: 'serving-unaudited',
    },
  },
  project: {
    rows: () => ['true'],
    columns: { key: 'truncated', last_entry: 'truncated', last_judged_commit: 'altered' },
  },
};

/** By table: each column of some rows. */
export function bytesOfColumns(entries: number): Record<string, Tampering[]> {
  const cases = Object.entries(COLUMNS).map(([table, { rows, columns }]) => {
    const ofTable = rows(entries).flatMap((row) =>
      Object.entries(columns).map(([column, kind]): Tampering => {
        const tamper = (owner: Tx) => changeByte(owner, table, column, row);
        return { title: `${column} where ${row}`, tamper, kind };
      }),
    );
    return [table, ofTable] as const;
  });
  return Object.fromEntries(cases);
}

/** The first change of the column that the indexes let through: numbers and names are unique. */
async function changeByte(owner: Tx, table: string, column: string, row: string): Promise<void> {
  const { rows } = await owner.query<{ value: string; type: string }>(
    `select ${column}::text as value, pg_typeof(${column})::text as type from halyard.${table} where ${row}`,
  );
  const [{ value, type }] = rows as [{ value: string; type: string }];
  const also = column === 'deleted' ? ', body = null, digest = null' : '';
  for (const changed of changesOf(value, type)) {
    await owner.query('savepoint byte');
    try {
      await owner.query(`update halyard.${table} set ${column} = $1::${type}${also} where ${row}`, [changed]);
      return;
    } catch (error) {
      if (!String(error).includes('unique')) throw error;
      await owner.query('rollback to savepoint byte');
    }
  }
  throw new Error(`no byte of ${table}.${column} can be changed where ${row}`);
}

/** A time ends with its zone. Of a number every digit is tried, the highest first. */
function changesOf(value: string, type: string): string[] {
  if (type === 'boolean') return ['true'];
  if (type.startsWith('timestamp')) return [withByte(value, value.search(/\.\d/) + 1)];
  if (type !== 'integer' && type !== 'xid8') return [withByte(value, value.length - 2)];
  return [...value].flatMap((digit, at) =>
    [...'987654321'].flatMap((other) =>
      other === digit ? [] : [value.slice(0, at) + other + value.slice(at + 1)],
    ),
  );
}
