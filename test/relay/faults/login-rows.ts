// Faults of a relay's login, and of its sessions.
import { Pool } from '../../../src/db/pool.ts';
import { createLogin } from '../../support/service-login.ts';
import { PROJECT } from '../../support/sync-project.ts';
import { type FaultGroup, LAST_GOOD } from './fault.ts';
import { type DatabaseStage, databaseFault } from './play.ts';

const END_RELAYS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'halyard relay'`;

const urls = new WeakMap<AsyncDisposableStack, URL>();

/** The login that administrators make for relays. */
async function loginUrl({ database, stack }: Omit<DatabaseStage, 'relay'>): Promise<string> {
  const sees = { project: PROJECT, environment: 'prod' };
  const login = stack.use(await createLogin(database.url, { group: 'halyard_relay', sees }));
  urls.set(stack, new URL(login.url));
  return login.url;
}

interface LoginFault {
  name: string;
  code: string;
  message: RegExp;
  operator: string;
  /** Statements of the owner, with the login's name in them. */
  begin: (login: string) => string[];
  end: (login: string, password: string) => string[];
}

const LOGINS: LoginFault[] = [
  {
    name: 'the password is changed',
    code: 'configuration',
    message: /Check the user and the password/,
    operator: '`configuration`: check the user and the password',
    begin: (login) => [`alter role ${login} password 'another one'`, END_RELAYS],
    end: (login, password) => [`alter role ${login} password '${password}'`],
  },
  {
    name: 'the login may not log in any more',
    code: 'configuration',
    message: /not permitted to log in/,
    operator: '`configuration`: not permitted to log in',
    begin: (login) => [`alter role ${login} nologin`, END_RELAYS],
    end: (login) => [`alter role ${login} login`],
  },
  {
    name: 'the login loses its rights',
    code: 'configuration',
    message: /permission denied/,
    operator: '`configuration`: permission denied',
    begin: (login) => [`revoke halyard_relay from ${login}`],
    end: (login) => [`grant halyard_relay to ${login}`],
  },
  {
    name: 'the login may no longer see this environment',
    code: 'rewound',
    message: /may not see it/,
    operator: '`rewound`: gone, or this login may not see it',
    begin: (login) => [`delete from halyard.relay_login where login = '${login}'`],
    end: (login) => [
      `insert into halyard.relay_login (login, project, environment) values ('${login}', '${PROJECT}', 'prod')`,
    ],
  },
  {
    name: 'the login is dropped, and made again',
    code: 'configuration',
    message: /Check the user and the password/,
    operator: '`configuration`: check the user and the password',
    begin: (login) => [`drop role ${login}`, END_RELAYS],
    end: (login, password) => [`create role ${login} login password '${password}' in role halyard_relay`],
  },
];

const enders = new WeakMap<AsyncDisposableStack, () => Promise<void>>();

export const login: FaultGroup = {
  title: 'The relay’s login and its sessions',
  file: 'login.pg.test.ts',
  rows: [
    ...LOGINS.map(({ name, code, message, operator, begin, end }) =>
      databaseFault({
        name,
        users: LAST_GOOD,
        operator,
        says: { code, message },
        url: loginUrl,
        begin: ({ commits, stack }) => commits.run(...begin(urls.get(stack)?.username ?? '')),
        end: ({ commits, stack }) => {
          const { username = '', password = '' } = urls.get(stack) ?? {};
          return commits.run(...end(username, password));
        },
      }),
    ),
    databaseFault({
      name: 'an administrator ends its sessions again and again (pg_terminate_backend)',
      users: LAST_GOOD,
      operator: '`postgres`: does not answer, or cannot answer now',
      says: { code: 'postgres', message: /terminat/ },
      begin: async ({ database, stack }) => {
        const pool = stack.use(new Pool(database.url, { maxConnections: 1 }));
        let isOver = false;
        const ending = (async () => {
          while (!isOver) await pool.query(END_RELAYS);
        })();
        const end = () => {
          isOver = true;
          return ending;
        };
        stack.defer(end);
        enders.set(stack, end);
      },
      end: async ({ stack }) => enders.get(stack)?.(),
    }),
    databaseFault({
      name: 'the database has another name',
      users: LAST_GOOD,
      operator: '`configuration`: check its name in the URL',
      says: { code: 'configuration', message: /check its name/ },
      begin: ({ database }) => rename(database.url, database.name, `${database.name}_moved`),
      end: ({ database }) => rename(database.url, `${database.name}_moved`, database.name),
    }),
  ],
};

async function rename(databaseUrl: string, from: string, to: string): Promise<void> {
  const url = new URL(databaseUrl);
  url.pathname = '/postgres';
  await using owner = new Pool(url.href, { maxConnections: 1 });
  await owner.query(`alter database ${from} allow_connections false`);
  await owner.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [from]);
  await owner.query(`alter database ${from} rename to ${to}`);
  await owner.query(`alter database ${to} allow_connections true`);
}
