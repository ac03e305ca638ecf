// More requests at once than --max-in-flight: the others are refused at once, their connections stay, and places that come free are given again.
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { until } from '../../support/until.ts';
import { serve, type TestServer } from '../support.ts';

const snapshot = snapshotOfBodies({ flags: { plain: {} } });
const MOST = 8;
const BODY = '{"context":{}}';
const HEAD = `POST /v1/evaluate/plain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n`;
const PROBE = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n';

class Client {
  readonly socket: Socket;
  text = '';
  isClosed = false;

  constructor({ url }: TestServer) {
    this.socket = connect(Number(new URL(url).port), '127.0.0.1');
    this.socket.setEncoding('utf8').on('data', (part: string) => {
      this.text += part;
    });
    this.socket.once('close', () => {
      this.isClosed = true;
    });
  }

  /** The statuses of all answers so far, in the order in which they came. */
  get statuses(): string[] {
    return Array.from(this.text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status = '']) => status);
  }
}

/** As many requests as there may be at once, of which each lacks the end of its body. */
async function saturate(server: TestServer): Promise<Client[]> {
  const slow = Array.from({ length: MOST }, () => new Client(server));
  for (const { socket } of slow) socket.write(HEAD + BODY.slice(0, 3));
  await until(() => server.counters.requestsInFlight === MOST);
  return slow;
}

describe('beyond --max-in-flight', () => {
  it('503 with Retry-After on connections that stay, and 200 on the same ones as soon as a place is free', async () => {
    await using server = await serve(snapshot, { maxInFlight: MOST });
    const slow = await saturate(server);
    const others = Array.from({ length: 5 }, () => new Client(server));
    for (const round of [1, 2, 3]) {
      for (const { socket } of others) socket.write(HEAD + BODY);
      await until(() => others.every(({ statuses }) => statuses.length === round));
    }
    for (const { statuses, text, isClosed } of others) {
      expect([statuses, isClosed]).toEqual([['503', '503', '503'], false]);
      expect(text).toMatch(/^retry-after: 1\r$/im);
    }
    expect(server.counters.refusedRequests.get('too_many')).toBe(15);
    slow[0]?.socket.write(BODY.slice(3));
    await until(() => slow[0]?.statuses.length === 1);
    others[0]?.socket.write(HEAD + BODY);
    await until(() => others[0]?.statuses.length === 4);
    expect(others[0]?.statuses.at(-1)).toBe('200');
    for (const { socket } of slow.slice(1)) socket.write(BODY.slice(3));
    await until(() => slow.every(({ statuses }) => statuses.length === 1));
    expect(slow.flatMap(({ statuses }) => statuses)).toEqual(slow.map(() => '200'));
    for (const { socket } of [...slow, ...others]) socket.destroy();
  });

  it('pipelined requests are refused one by one and in order, and probes among them are answered', async () => {
    await using server = await serve(snapshot, { maxInFlight: MOST });
    const slow = await saturate(server);
    const client = new Client(server);
    client.socket.write(HEAD + BODY + PROBE + HEAD + BODY + PROBE);
    await until(() => client.statuses.length === 4);
    expect(client.statuses).toEqual(['503', '200', '503', '200']);
    for (const { socket } of slow) socket.destroy();
    await until(() => server.counters.requestsInFlight === 0);
    client.socket.write(HEAD + BODY);
    await until(() => client.statuses.length === 5);
    expect([client.statuses.at(-1), client.isClosed]).toEqual(['200', false]);
    client.socket.destroy();
  });
});
