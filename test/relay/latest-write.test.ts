// Of values that wait to be written only the newest is, and each write has a promise of its own.
import { expect, it } from 'vitest';
import { LatestWrite } from '../../src/relay/latest-write.ts';

/** What is written waits until it is told to end. */
function heldWrites(rest?: () => Promise<void>): {
  writes: LatestWrite<string>;
  begun: string[];
  end: (error?: Error) => Promise<void>;
} {
  const begun: string[] = [];
  let settle: (error?: Error) => void = () => undefined;
  const writes = new LatestWrite<string>((value) => {
    begun.push(value);
    return new Promise<void>((resolve, reject) => {
      settle = (error) => (error ? reject(error) : resolve());
    });
  }, rest);
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    writes,
    begun,
    end: async (error) => {
      await turn();
      settle(error);
      await turn();
    },
  };
}

it('what waits is written after what is being written, once for all that wait', async () => {
  const { writes, begun, end } = heldWrites();
  const first = writes.save('a');
  await Promise.resolve();
  const [second, third] = [writes.save('b'), writes.save('c')];
  expect([second === first, third === second]).toEqual([false, true]);
  await end();
  await first;
  expect([begun, writes.isIdle]).toEqual([['a', 'c'], false]);
  await end();
  await third;
  expect(writes.isIdle).toBe(true);
});

it('a write that fails fails those that it stood for, and not the one after it', async () => {
  const { writes, begun, end } = heldWrites();
  const first = writes.save('a').catch((error: Error) => error.message);
  await Promise.resolve();
  const second = writes.save('b');
  await end(new Error('full'));
  await end();
  expect(await first).toBe('full');
  await second;
  expect([begun, writes.isIdle]).toEqual([['a', 'b'], true]);
});

it('between two writes it rests, also after one that failed', async () => {
  for (const error of [undefined, new Error('full')]) {
    let wake: () => void = () => undefined;
    const { writes, begun, end } = heldWrites(() => new Promise<void>((resolve) => (wake = resolve)));
    const first = writes.save('a').catch(() => undefined);
    await Promise.resolve();
    void writes.save('b');
    await end(error);
    await first;
    expect(begun).toEqual(['a']);
    wake();
    await end();
    expect(begun).toEqual(['a', 'b']);
  }
});
