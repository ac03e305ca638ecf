// What is wrong with a database that answers: it lacks what is wanted, lacks what was seen, or serves what no entry says.
import type { Queryable } from '../../db/pool.ts';
import { SourceError, type Witness } from '../source.ts';
import { type Head, readEnvironments, readProjects } from './postgres-queries.ts';

/** The project that may be seen, where there is just one. Throws SourceError. */
export async function onlyProject(database: Queryable, witness: Witness | undefined): Promise<string> {
  const [project, another] = await readProjects(database);
  if (project === undefined && witness) throw vanished('any project', witness);
  if (project === undefined) {
    throw new SourceError(
      'project',
      'the database holds no project yet, or this login may see none. `halyard sync` makes one of the first commit; ' +
        'halyard.relay_login says what a relay may see',
    );
  }
  if (another !== undefined) {
    const message = `the database holds several projects (${project}, ${another}, …). Name one with --project`;
    throw new SourceError('project', message);
  }
  return project;
}

const orUnseen = 'or this login may not see it (halyard.relay_login says what a relay may see)';

/** Nothing is left of what was seen: the oldest chain of all. */
function vanished(what: string, { entry }: Witness): SourceError {
  const message = `the database no longer holds ${what}, though this relay has seen audit entry ${entry}, ${orUnseen}`;
  return new SourceError('rewound', message);
}

/** Why an environment has no head: it or its project is not there, or is there no longer. */
export async function missing(
  database: Queryable,
  project: string,
  environment: string,
  witness: Witness | undefined,
): Promise<SourceError> {
  if (witness) return vanished(`${project} ${environment}`, witness);
  const known = await readEnvironments(database, project);
  if (known.length === 0)
    return new SourceError(
      'project',
      `the database holds nothing of the project ${project} yet, ${orUnseen}`,
    );
  return new SourceError(
    'environment',
    `${project} has no environment ${environment}, ${orUnseen}. There is ${known.join(', ')}`,
  );
}

/** A head that no entry of the chain vouches for. */
export function unaudited(project: string, environment: string, { entry }: Head): SourceError {
  return new SourceError(
    'unaudited',
    `what the database serves for ${project} ${environment} names audit entry ${entry}, which its chain does not hold so. ` +
      'Run `halyard audit verify`',
  );
}
