// What an emergency override is set upon: the flag as it is applied in one environment, and the policy that says who may.
import { Policy } from '../../access/policy.ts';
import { lockProject, type ProjectHead } from '../../audit/store.ts';
import type { Row } from '../../changes/row.ts';
import type { Pool } from '../../db/pool.ts';
import { type Tx, withTransaction } from '../../db/transaction.ts';
import { hintFor } from '../../definitions/suggest.ts';
import { UsageError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/json.ts';
import { ticked } from '../../lib/printable.ts';
import type { AccessDefinition } from '../../model/definitions.gen.ts';
import type { FlagBody } from '../../model/snapshot.ts';

export interface FlagPlace {
  flag: string;
  environment: string;
}

export interface OverrideState {
  head: ProjectHead;
  row: Row;
  /** The body's canonical text, and what it says. */
  text: string;
  body: FlagBody;
  /** The flag's file, relative to the definitions' folder. */
  path: string;
  /** Absent where none is applied: then everyone may. */
  policy?: Policy;
  /** All rows that the environment serves. */
  served: Row[];
}

/** Everything as of one moment. Throws UsageError for an environment or a flag that is not applied, with the nearest names. */
export async function readOverrideState(
  pool: Pool,
  project: string,
  place: FlagPlace,
): Promise<OverrideState> {
  return withTransaction(pool, {}, async (tx) => {
    const head = await lockProject(tx, project);
    if (!head) throw new UsageError(`there is no project ${project} in this database.`);
    const { environment, flag } = place;
    const served = await readServed(tx, project, environment);
    if (served.length === 0) throw await unknownEnvironment(tx, project, environment);
    const row = served.find(({ kind, key }) => kind === 'flag' && key === flag);
    if (!row) throw unknownFlag(place, served);
    const { text, path } = await readFlag(tx, project, place);
    if (sha256Hex(text) !== row.digest) throw notAudited(place);
    const policy = await readPolicy(tx, project);
    const body = JSON.parse(text) as FlagBody;
    return { head, row, text, body, path, ...(policy && { policy }), served };
  });
}

async function readServed(tx: Tx, project: string, environment: string): Promise<Row[]> {
  const { rows } = await tx.query<Row>(
    `select d.kind, d.key, d.environment, d.digest from halyard.environment_definition d
     where d.project = $1 and d.environment = $2 and not d.deleted`,
    [project, environment],
  );
  return rows;
}

async function readFlag(
  tx: Tx,
  project: string,
  { flag, environment }: FlagPlace,
): Promise<{ text: string; path: string }> {
  const { rows } = await tx.query<{ text: string; path: string }>(
    `select e.body as text, d.path from halyard.environment_definition e
     join halyard.definition d on d.project = e.project and d.kind = e.kind and d.key = e.key
     where e.project = $1 and e.environment = $2 and e.kind = 'flag' and e.key = $3`,
    [project, environment, flag],
  );
  const [found] = rows;
  if (!found) throw new Error(`the flag ${flag} is served in ${environment}, and has no definition`);
  return found;
}

/** Whoever slipped it in must not have it made an entry of. */
function notAudited({ flag, environment }: FlagPlace): UsageError {
  return new UsageError(
    `what the database serves of ${ticked(flag)} in ${environment} is not what the audit says. Run \`halyard audit verify\` first.`,
  );
}

/** The policy that is applied. */
async function readPolicy(tx: Tx, project: string): Promise<Policy | undefined> {
  const { rows } = await tx.query<{ body: string }>(
    `select d.body from halyard.definition d where d.project = $1 and d.kind = 'access' and d.key = 'access'`,
    [project],
  );
  return rows[0] && new Policy(JSON.parse(rows[0].body) as AccessDefinition);
}

async function unknownEnvironment(tx: Tx, project: string, environment: string): Promise<UsageError> {
  const { rows } = await tx.query<{ environment: string }>(
    `select d.environment from halyard.environment_definition d
     where d.project = $1 and d.kind = 'project' and not d.deleted order by d.environment`,
    [project],
  );
  const known = rows.map((row) => row.environment);
  return new UsageError(
    `${project} has no environment ${ticked(environment)}. ${hintFor(environment, known, '', 'It has')}`,
  );
}

function unknownFlag({ flag, environment }: FlagPlace, served: readonly Row[]): UsageError {
  const keys = served.flatMap(({ kind, key }) => (kind === 'flag' ? [key] : [])).sort();
  const hint = hintFor(flag, keys, 'Every flag is listed by `halyard list`.', 'There are');
  return new UsageError(`no flag ${ticked(flag)} is applied in ${environment}. ${hint}`);
}
