// All groups of the fault matrix, as docs/faults.md lists them.
import { cache } from './cache-rows.ts';
import { database } from './database-rows.ts';
import { directory } from './directory-rows.ts';
import type { FaultGroup } from './fault.ts';
import { login } from './login-rows.ts';
import { network } from './network-rows.ts';
import { machine } from './process-rows.ts';
import { serverGroup } from './server-rows.ts';
import { upstream } from './upstream-rows.ts';

/** Nothing of these is played here, so no server is needed. */
const server = serverGroup(() => {
  throw new Error('rows of servers are played in their own test');
});

export const groups: FaultGroup[] = [server, network, login, database, upstream, directory, machine, cache];

/** The tables of docs/faults.md. */
export function faultTables(): string {
  return groups
    .map(({ title, file, rows }) => {
      const lines = rows.map(({ name, users, operator }) => `| ${name} | ${users} | ${operator} |`);
      const head = `## ${title}\n\nPlayed in \`test/relay/faults/${file}\`, each row by the test of its name.\n`;
      return [
        head,
        '| fault | what users see | what status, metrics and log say |',
        '|---|---|---|',
        ...lines,
      ].join('\n');
    })
    .join('\n\n');
}
