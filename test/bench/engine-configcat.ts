// ConfigCat in the bench, offline: its config comes from a cache, and answers from a snapshot, its one synchronous form.
import { createHash } from 'node:crypto';
import { createConsoleLogger, getClient, LogLevel, PollingMode, User } from 'configcat-node';
import { allFlags, countOneByOne, type Engine, TEN, TWENTY } from './engine-peer.ts';

/** "is one of", in plain text. */
const ONE_OF = 0;

export async function configcat(): Promise<Engine> {
  const value = (b: boolean) => ({ v: { b } });
  const rule = (a: string, l: string[]) => ({ c: [{ u: { a, c: ONE_OF, l } }], s: value(true) });
  const off = (r: object[]) => ({ t: 0, r, ...value(false) });
  const f = allFlags<object>(() => ({
    on: { t: 0, ...value(true) },
    list: off([rule('country', TWENTY)]),
    rollout: { t: 0, p: [true, false].map((each) => ({ p: 50, ...value(each) })), ...value(false) },
    'ten-values': off(TEN.map((i) => rule('plan', [`plan-${i}`]))),
    'ten-attributes': off(TEN.map((i) => rule(`attribute${i}`, ['yes']))),
  }));
  const config = JSON.stringify({ p: { u: 'https://cdn.example.com', r: 0, s: 'salt' }, f });
  const etag = createHash('sha1').update(config).digest('hex');
  const client = getClient(`${'x'.repeat(22)}/${'y'.repeat(22)}`, PollingMode.ManualPoll, {
    offline: true,
    logger: createConsoleLogger(LogLevel.Off),
    cache: { get: () => `${Date.now()}\n${etag}\n${config}`, set: () => {} },
  });
  await client.forceRefreshAsync();
  const snapshot = client.snapshot();
  const isOn = (flag: string, user: unknown) => snapshot.getValue(flag, false, user as User);
  return {
    name: 'configcat-node',
    prepare: ({ targetingKey, ...attributes }) => new User(targetingKey, undefined, undefined, attributes),
    isOn,
    countOn: countOneByOne(isOn),
    close: () => client.dispose(),
  };
}
