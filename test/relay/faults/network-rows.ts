// Faults of the way between a relay and PostgreSQL.

import { type FaultGroup, LAST_GOOD, UNNOTICED } from './fault.ts';
import { databaseFault } from './play.ts';
import type { Way } from './rough-proxy.ts';
import { type AskedRelay, eventually, flagOf, statusOf } from './stage.ts';

const away = { code: 'postgres', message: /^PostgreSQL at .* does not answer/ };
const AWAY = '`postgres`: does not answer';

const isSaid = async (relay: AskedRelay) => (await statusOf(relay)).source.lastError !== undefined;

interface Bad {
  name: string;
  ways: Way[];
}

/** Each as it comes to the connection that stands, and to those that are opened anew. */
const BAD: Bad[] = [
  { name: 'PostgreSQL refuses connections', ways: [{ type: 'closed' }] },
  { name: 'every message comes two seconds late', ways: [{ type: 'late', byMs: 2_000 }] },
  { name: 'messages drip in a byte at a time', ways: [{ type: 'dripping', everyMs: 25 }] },
  { name: 'connections are cut in the middle of a message', ways: [{ type: 'cut', afterBytes: 40 }] },
  { name: 'connections go silent, and new ones are taken and told nothing', ways: [{ type: 'silent' }] },
  {
    name: 'another program answers on the port of PostgreSQL',
    ways: [{ type: 'stranger', says: 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n' }],
  },
  {
    name: 'the network goes from bad to worse: late, cut, silent, refusing',
    ways: [
      { type: 'late', byMs: 1_500 },
      { type: 'cut', afterBytes: 700 },
      { type: 'silent' },
      { type: 'closed' },
    ],
  },
];

export const network: FaultGroup = {
  title: 'The way to PostgreSQL',
  file: 'network.pg.test.ts',
  rows: [
    ...BAD.map(({ name, ways }) =>
      databaseFault({
        name,
        users: LAST_GOOD,
        operator: AWAY,
        says: away,
        begin: async ({ proxy, relay }) => {
          for (const way of ways) {
            const { taken } = proxy;
            proxy.become(way);
            if (way !== ways.at(-1))
              await eventually(async () => proxy.taken > taken && (await isSaid(relay)));
          }
        },
        end: async ({ proxy }) => proxy.become({ type: 'open' }),
      }),
    ),
    databaseFault({
      name: 'a connection goes silent in the middle of a large change',
      users: LAST_GOOD,
      operator: AWAY,
      says: away,
      begin: async ({ proxy, commits }) => {
        proxy.become({ type: 'choked', afterBytes: 20_000 });
        const flags = Array.from({ length: 300 }, (_, at) => ({ ...flagOf(at), key: `flag-${at}` }));
        await commits.next(flags);
      },
      end: async ({ proxy }) => proxy.become({ type: 'open' }),
    }),
    databaseFault({
      name: 'every message comes 150 ms late',
      users: 'changes come a second later',
      operator: UNNOTICED,
      says: undefined,
      servesOn: true,
      begin: async ({ proxy }) => proxy.become({ type: 'late', byMs: 150 }),
      end: async ({ proxy }) => proxy.become({ type: 'open' }),
    }),
    databaseFault({
      name: 'wake-ups never come: NOTIFY is lost',
      users: 'changes come up to a second later',
      operator: UNNOTICED,
      says: undefined,
      servesOn: true,
      // No commit of a stage notifies, so this is so from the beginning.
      begin: async () => undefined,
      end: async () => undefined,
    }),
  ],
};
