// How faults of a relay before a relay are played: a database, a relay that follows it, and one that follows that one.
import { createDatabase } from '../../support/database.ts';
import { relay as startRelay, type TestRelay } from '../start.ts';
import { type FaultRow, LAST_GOOD } from './fault.ts';
import { LyingRelay } from './lying-relay.ts';
import { RelayProcess } from './relay-process.ts';
import { RoughProxy } from './rough-proxy.ts';
import {
  type AskedRelay,
  asked,
  Commits,
  expectAgeing,
  expectDiscreet,
  expectSaid,
  expectWell,
  type Said,
} from './stage.ts';

interface Before extends AskedRelay, AsyncDisposable {
  kill(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
}

/** In this process, for faults that do nothing to it. */
async function startHere(source: string): Promise<Before> {
  const relay = await startRelay({ source });
  const never = () => {
    throw new Error('it is no process of its own');
  };
  return { ...relay, kill: never, signal: never };
}

interface UpstreamStage {
  /** The relay that is asked. */
  relay: TestRelay;
  /** The relay before it, and how to start it again at its address. */
  upstream: Before;
  again: (revision?: number) => Promise<void>;
  /** What a fault needs until the relays have stopped. */
  stack: AsyncDisposableStack;
  database: RoughProxy;
  way: RoughProxy;
  liar: LyingRelay;
  commits: Commits;
}

interface UpstreamFault extends Pick<FaultRow, 'name' | 'operator'> {
  users?: string;
  says: Said | undefined;
  /** Nothing is done to the relay before it, so that it need not be a process. */
  isUntouched?: boolean;
  begin: (stage: UpstreamStage) => Promise<unknown>;
  end: (stage: UpstreamStage) => Promise<unknown>;
}

export const upstreamFault = ({
  says,
  begin,
  end,
  users = LAST_GOOD,
  isUntouched,
  ...row
}: UpstreamFault): FaultRow => ({
  ...row,
  users,
  play: async () => {
    await using stack = new AsyncDisposableStack();
    const real = stack.use(await createDatabase());
    const database = stack.use(await RoughProxy.open(real.url));
    const commits = new Commits(real.url);
    await commits.next();
    const source = database.urlOf(real.url);
    const upstream = stack.use(await (isUntouched ? startHere(source) : RelayProcess.start({ source })));
    const again = async (revision = commits.revision) => {
      const args = ['--listen', new URL(upstream.url).host];
      await expectWell(stack.use(await RelayProcess.start({ source, args })), revision);
    };
    const way = stack.use(await RoughProxy.open(upstream.url));
    const liar = stack.use(await LyingRelay.before(way.urlOf(upstream.url)));
    const relay = stack.use(await startRelay({ source: liar.url, grpc: '127.0.0.1:0' }));
    await expectWell(relay, 1);
    await asked(relay, commits, async () => {
      const stage = { relay, upstream, again, database, way, liar, commits, stack };
      await begin(stage);
      if (says) {
        await expectSaid(relay, says);
        await expectAgeing(relay);
      }
      await end(stage);
      await expectWell(relay, await commits.next());
    });
    await expectDiscreet(relay, real.url);
  },
});
