// The soak's load, a process of its own: calls at a fixed rate, whether answers come or not, each answer checked. Prints what it saw.
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { CALLS, type Call, GRPC } from './calls.ts';
import { Connection, type Outcome, requestOf } from './connection.ts';
import { Seconds } from './seconds.ts';
import { summary } from './summary.ts';

const CONNECTIONS = 64;
const [httpPort = 0, grpcPort = 0, perSecond = 0, seconds = 0] = process.argv.slice(2).map(Number);

/** Answers by call, with how long each took from when it was due, in microseconds. */
const latencies = new Map<string, number[]>();
const bySecond = new Seconds();
const errors: string[] = [];
let errorCount = 0;
let newest = 0;
/** How late this process itself was, turn by turn, in microseconds: the machine's share of what is measured. */
const late: number[] = [];

function note({ call, dueMs, status, text }: Outcome): void {
  const tookUs = Math.round((performance.now() - dueMs) * 1_000);
  bySecond.note(Math.floor((dueMs - start) / 1_000), tookUs);
  let revision: number | undefined;
  try {
    revision = status === 200 ? call.revisionOf(text) : undefined;
  } catch {
    // No JSON: not right.
  }
  if (revision === undefined) {
    errorCount++;
    if (errors.length < 20) errors.push(`${call.name}: ${status} ${text.slice(0, 200)}`);
  } else newest = Math.max(newest, revision);
  const known = latencies.get(call.name);
  if (known) known.push(tookUs);
  else latencies.set(call.name, [tookUs]);
}

const requests = new Map(CALLS.map((call) => [call, requestOf(call)]));
const idle: Connection[] = [];
const waiting: { call: Call; dueMs: number }[] = [];
const all = Array.from({ length: CONNECTIONS }, () => new Connection(httpPort, free));
idle.push(...all);

function free(outcome: Outcome, connection: Connection): void {
  note(outcome);
  const next = waiting.shift();
  if (next) connection.send(next.call, requests.get(next.call) as Buffer, next.dueMs);
  else idle.push(connection);
}

let session: ClientHttp2Session | undefined;

function callGrpc(dueMs: number): void {
  if (!session || session.closed || session.destroyed) {
    session = connectHttp2(`http://127.0.0.1:${grpcPort}`);
    session.on('error', () => undefined);
  }
  const stream = session.request({
    ':method': 'POST',
    ':path': GRPC.path,
    'content-type': 'application/json',
  });
  let status = 0;
  let text = '';
  stream.setEncoding('utf8');
  stream.on('response', (headers) => {
    status = Number(headers[':status']);
  });
  stream.on('data', (part: string) => {
    text += part;
  });
  stream.on('error', (error) => {
    text = error.message;
  });
  stream.on('close', () => note({ call: GRPC, dueMs, status, text }));
  stream.end(GRPC.body);
}

/** A hundred calls in a mixed order that is always the same. */
const order: Call[] = [...CALLS, GRPC]
  .flatMap((call) => Array.from({ length: call.share }, (_, at) => ({ call, at: (at + 0.5) / call.share })))
  .sort((a, b) => a.at - b.at)
  .map(({ call }) => call);

function send(call: Call, dueMs: number): void {
  const connection = call === GRPC ? undefined : idle.pop();
  if (call === GRPC) callGrpc(dueMs);
  else if (connection) connection.send(call, requests.get(call) as Buffer, dueMs);
  else waiting.push({ call, dueMs });
}

const start = performance.now() + 200;
let sent = 0;
await new Promise<void>((resolve) => {
  const tick = () => {
    const now = performance.now();
    bySecond.look(Math.floor((now - start) / 1_000));
    let dueMs = start + (sent * 1_000) / perSecond;
    if (dueMs <= now) late.push((now - dueMs) * 1_000);
    for (; dueMs <= now; dueMs = start + (sent * 1_000) / perSecond)
      send(order[sent++ % order.length] as Call, dueMs);
    if (now - start < seconds * 1_000) setTimeout(tick, 1);
    else resolve();
  };
  tick();
});
await new Promise((resolve) => setTimeout(resolve, 1_000));
for (const connection of all) connection.close();
session?.close();

const byCall = [...latencies].map(([name, taken]) => ({ name, ...summary(taken) }));
const total = summary([...latencies.values()].flat());
process.stdout.write(
  `${JSON.stringify({ sent, errorCount, errors, newest, late: summary(late), total, byCall, ...bySecond.summary() })}\n`,
);
