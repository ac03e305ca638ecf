// Faults of a relay behind a relay: the one before it is killed, frozen, stale, behind, or lies.
import { createDatabase } from '../../support/database.ts';
import { type FaultGroup, UNNOTICED } from './fault.ts';
import type { Answered } from './lying-relay.ts';
import type { Way } from './rough-proxy.ts';
import { Commits, expectWell, type Said } from './stage.ts';
import { upstreamFault } from './upstream-play.ts';

const AWAY = { code: 'http', message: /./ };

const badWay = (name: string, way: Way) =>
  upstreamFault({
    name,
    operator: '`http`: does not answer',
    says: AWAY,
    isUntouched: true,
    begin: async (stage) => stage.way.become(way),
    end: async (stage) => stage.way.become({ type: 'open' }),
  });

/** The relay before it has news, and what it answers is not what it says. */
const lie = (name: string, says: Said, tell: (answer: Answered) => Answered) =>
  upstreamFault({
    name,
    operator: `\`${says.code}\`: what is wrong with the answer`,
    says,
    isUntouched: true,
    begin: async ({ liar, commits }) => {
      liar.tell((answer) => (answer.status === 200 ? tell(answer) : answer));
      await commits.next();
    },
    end: async ({ liar }) => liar.tell(undefined),
  });

const withText = (answer: Answered, change: (text: string) => string) => ({
  ...answer,
  body: Buffer.from(change(answer.body.toString('utf8'))),
});

export const upstream: FaultGroup = {
  title: 'Another relay as the source',
  file: 'upstream.pg.test.ts',
  rows: [
    upstreamFault({
      name: 'the relay before it is killed (-9), and started again',
      operator: '`http`: does not answer',
      says: AWAY,
      begin: (stage) => stage.upstream.kill(),
      end: ({ again }) => again(),
    }),
    upstreamFault({
      name: 'the relay before it is restarted within a moment',
      users: UNNOTICED,
      operator: 'nothing, or `http` for a moment',
      says: undefined,
      begin: (stage) => stage.upstream.kill(),
      end: ({ again }) => again(),
    }),
    upstreamFault({
      name: 'a proxy before the other relay passes no streams: it answers 503',
      users: 'changes come up to a second later',
      operator: UNNOTICED,
      says: undefined,
      begin: async ({ relay, liar, upstream, again, commits }) => {
        liar.streamStatus = 503;
        await upstream.kill();
        await again();
        await expectWell(relay, await commits.next());
      },
      end: async ({ liar }) => {
        liar.streamStatus = undefined;
      },
    }),
    upstreamFault({
      name: 'the relay before it is frozen (SIGSTOP)',
      operator: '`http`: does not answer',
      says: AWAY,
      begin: async (stage) => stage.upstream.signal('SIGSTOP'),
      end: async (stage) => stage.upstream.signal('SIGCONT'),
    }),
    upstreamFault({
      name: 'the relay before it has lost its own source',
      operator: '`upstream-stale`: why, in a word; ages go on',
      isUntouched: true,
      says: { code: 'upstream-stale', message: /is stale itself \(postgres\)/ },
      begin: async ({ database }) => database.become({ type: 'closed' }),
      end: async ({ database }) => database.become({ type: 'open' }),
    }),
    upstreamFault({
      name: 'the relay before it was restarted on an older backup of the database',
      operator: '`behind` for some seconds, then `rewound`',
      says: { code: 'rewound', message: /went back|no longer holds/ },
      begin: async ({ relay, upstream, again, database, commits, stack }) => {
        await commits.next();
        await expectWell(relay, await commits.next());
        const backup = stack.use(await createDatabase());
        const other = new Commits(backup.url);
        await other.next();
        await upstream.kill();
        database.lead(backup.name);
        await again(other.revision);
      },
      end: async ({ database }) => database.lead(undefined),
    }),
    badWay('the relay before it refuses connections', { type: 'closed' }),
    badWay('the way to the relay before it goes silent', { type: 'silent' }),
    badWay('answers of the relay before it drip in a byte at a time', { type: 'dripping', everyMs: 25 }),
    badWay('answers of the relay before it are cut in the middle', { type: 'cut', afterBytes: 100 }),
    lie(
      'the relay before it answers rows that are not of its digest',
      { code: 'digest', message: /digest/ },
      (answer) => withText(answer, (text) => text.replace('"now":100', '"now":200')),
    ),
    lie('the relay before it answers half a snapshot', { code: 'answer', message: /./ }, (answer) =>
      withText(answer, (text) => text.slice(0, text.length / 2)),
    ),
    lie(
      'another program answers at the address of the relay before it',
      { code: 'answer', message: /./ },
      (answer) => ({
        ...answer,
        headers: { 'content-type': 'text/html' },
        body: Buffer.from('<h1>It works!</h1>'),
      }),
    ),
  ],
};
