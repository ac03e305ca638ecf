// A call that comes in the moment in which its connection would be closed: answered, though the process was held up until the time was over.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { createHttp1Server } from '../../../src/relay/http/http1-server.ts';
import { RefusalPace } from '../../../src/relay/http/refusal-pace.ts';
import { refuseConnection } from '../../../src/relay/http/unrouted.ts';
import { until } from '../../support/until.ts';

const CALL = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';
/** Longer than any of the times below, and than a test's clock is late. */
const HELD_UP_MS = 2_000;

let server: Server;
/** The server's end of the client's connection. */
let accepted: Socket;
let client: Socket;
let answers: string[];

beforeEach(async () => {
  server = createHttp1Server((_request, response) => response.end(), new Counters(), new RefusalPace());
  // Node adds a second to it.
  server.keepAliveTimeout = 200;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseConnection(error.code, socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  client = connect(port, '127.0.0.1').setEncoding('latin1');
  answers = [];
  client.on('data', (text: string) => answers.push(text.slice(0, 15)));
  [accepted] = (await once(server, 'connection')) as [Socket];
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** What arrives meanwhile waits in the system. */
function holdUp(): void {
  const until = performance.now() + HELD_UP_MS;
  while (performance.now() < until);
}

/** Resolves with an answer, or with the end of the connection. */
function told(): Promise<unknown> {
  return Promise.race([once(client, 'data'), once(client, 'close')]);
}

test('on a connection that was used before', async () => {
  client.write(CALL);
  await told();
  await sleep(50);
  // Node looks at its timers after this, and then at what has arrived.
  await nextTurn();
  client.write(CALL);
  holdUp();
  await told();
  expect(answers).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
  // And nothing comes once more.
  await once(client, 'close');
});

test('on a connection that was opened ahead', async () => {
  setTimeout(() => {
    client.write(CALL);
    // As Node does it from a timer of its own, when the time for the headers is over.
    const error = Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    server.emit('clientError', error, accepted);
  }, 1);
  await told();
  await nextTurn();
  client.write(CALL);
  await told();
  expect(answers).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
});

test('a connection that was opened ahead, and on which only a line end comes, is closed', async () => {
  server.closeAllConnections();
  server.close();
  Object.assign(server, { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // Node looks which connections are late, and has what was sent meanwhile read after it.
  server.prependOnceListener('clientError', () => client.write('\r\n'));
  client = connect((server.address() as { port: number }).port, '127.0.0.1');
  [accepted] = (await once(server, 'connection')) as [Socket];
  await until(() => accepted.bytesRead > 0);
  await until(() => accepted.timeout !== undefined);
  accepted.setTimeout(100);
  await once(client, 'close');
});
