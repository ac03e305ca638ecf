// Long answers are joined in memory that is used again, and no answer is written over while it is on its way.
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { Sheets } from '../../../src/relay/http/sheets.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { serve } from '../support.ts';

const parts = (...texts: string[]) => texts.map((each) => Buffer.from(each));

describe('joining', () => {
  it.each([
    ['no part', [], '{"flags":[]}'],
    ['one part', [',1'], '{"flags":[1]}'],
    ['parts beyond ASCII', [',"ä"', ',"日本"', ',"🚩"'], '{"flags":["ä","日本","🚩"]}'],
  ])('%s gives valid JSON', (_name, texts, joined) => {
    expect(new Sheets().join('{"flags":[', parts(...texts), ']}').toString()).toBe(joined);
  });

  it('a head beyond ASCII loses nothing to the first part', () => {
    expect(new Sheets().join('{"ä":"日本","flags":[', parts(',1', ',2'), ']}').toString()).toBe(
      '{"ä":"日本","flags":[1,2]}',
    );
  });

  it('the memory of a long answer is used again once it is given back, and not before', () => {
    const sheets = new Sheets();
    const long = (letter: string) => sheets.join('[', parts(`,"${letter.repeat(100_000)}"`), ']');
    const [first, second] = [long('a'), long('b')];
    expect(second.buffer).not.toBe(first.buffer);
    expect(first.toString()).toBe(`["${'a'.repeat(100_000)}"]`);
    sheets.giveBack(first);
    expect(long('c').buffer).toBe(first.buffer);
    sheets.giveBack(second);
    const longer = sheets.join('[', parts(`,"${'d'.repeat(300_000)}"`), ']');
    expect(longer.toString()).toBe(`["${'d'.repeat(300_000)}"]`);
  });

  it('a short answer and a very long one keep no memory', () => {
    const sheets = new Sheets();
    const ofLength = (length: number) => sheets.join('[', parts(`,"${'a'.repeat(length)}"`), ']');
    expect([10, 100_000, 5_000_000].map((length) => sheets.wants(ofLength(length)))).toEqual([
      false,
      true,
      false,
    ]);
  });
});

const countries = ['AT', 'DE', 'FR', 'US'];
const snapshot = snapshotOfBodies({
  flags: Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [
      `flag-${at}`,
      {
        type: 'string',
        variations: { off: 'off', ...Object.fromEntries(countries.map((c) => [c, c.repeat(1_000)])) },
        rules: countries.map((c) => ({
          if: { attribute: 'country', operator: 'in', value: [c] },
          then: { serve: c },
        })),
        fallthrough: { serve: 'off' },
      } as const,
    ]),
  ),
});

/** Asks without reading the answer yet. On a Unix socket, of which the system takes in far less than a long answer. */
async function ask(socketPath: string, path: string, country: string): Promise<IncomingMessage> {
  const headers = { host: 'localhost', 'content-type': 'application/json' };
  const asked = request({ socketPath, path, method: 'POST', headers, agent: false });
  asked.end(JSON.stringify({ context: { targetingKey: 'u', country } }));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

it('I7: slow readers get their own answers whole, however many others are answered or cut off meanwhile', async () => {
  await using server = await serve(snapshot);
  await using folder = await mkdtempDisposable(join(tmpdir(), 'halyard-'));
  const socket = join(folder.path, 'socket');
  const listener = createServer((connection) => server.app.server.emit('connection', connection));
  await once(listener.listen(socket), 'listening');
  const wanted = new Map<string, string>();
  const paths = ['/ofrep/v1/evaluate/flags', '/v1/evaluate'];
  for (const path of paths)
    for (const country of countries)
      wanted.set(`${path} ${country}`, await text(await ask(socket, path, country)));
  const slow: { key: string; answer: IncomingMessage }[] = [];
  for (let n = 0; n < 12; n++) {
    const [path = '', country = ''] = [paths[n % 2], countries[n % 3]];
    slow.push({ key: `${path} ${country}`, answer: await ask(socket, path, country) });
    (await ask(socket, path, 'US')).destroy();
    const quick = await text(await ask(socket, path, 'US'));
    expect(quick === wanted.get(`${path} US`)).toBe(true);
  }
  for (const { key, answer } of slow) expect((await text(answer)) === wanted.get(key)).toBe(true);
  listener.close();
});
