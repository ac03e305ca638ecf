// The generator of `events.ts`, a process of its own: relays that each gather events for half a second and send them packed, at an even pace.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const [url, rate, seconds] = process.argv.slice(2);
const perSecond = Number(rate);
const RELAYS = 20;
/** What a relay gathers before it sends. */
const GATHER_MS = 500;
const EXPOSURES = 0.3;
const EVENTS = ['purchase', 'visit', 'visit', 'visit', 'error'];
const packed = promisify(gzip);
const agent = new Agent({ keepAlive: true });

const acks: number[] = [];
const ages: number[] = [];
const totals = { sent: 0, counted: 0, duplicates: 0, refused: 0, failed: 0, exposedUnits: 0, tracked: 0 };

/** A UUIDv7, whose first 48 bits are the time. */
function uuid(atMs: number): string {
  const time = atMs.toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

/** Half of the exposures are of units that were never seen. */
function line(atMs: number): string {
  const head = `"id":"${uuid(atMs)}","environment":"prod","atMs":${atMs}`;
  if (Math.random() < EXPOSURES) {
    const isNew = totals.exposedUnits === 0 || Math.random() < 0.5;
    const number = isNew ? totals.exposedUnits++ : Math.floor(Math.random() * totals.exposedUnits);
    const arm = number % 2 === 0 ? 'on' : 'off';
    return `{"type":"exposure",${head},"experiment":"layout","arm":"${arm}","unitAttribute":"targetingKey","unit":"user-${number}","revision":7}\n`;
  }
  totals.tracked++;
  const unit = Math.floor(Math.random() * (totals.exposedUnits + 1));
  const event = EVENTS[Math.floor(Math.random() * EVENTS.length)];
  return `{"type":"track",${head},"event":"${event}","units":{"targetingKey":"user-${unit}"},"value":${(Math.random() * 100).toFixed(2)},"properties":{"currency":"EUR","items":3}}\n`;
}

function post(body: Buffer): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      'content-length': body.length,
    };
    const call = request(`${url}/v1/events`, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.on('error', reject).end(body);
  });
}

async function deliver(lines: string[], times: number[]): Promise<void> {
  const body = await packed(lines.join(''), { level: 1 });
  const sentAt = performance.now();
  totals.sent += lines.length;
  const { status, text } = await post(body);
  acks.push(performance.now() - sentAt);
  const now = Date.now();
  if (status !== 200) {
    totals.failed += lines.length;
    return;
  }
  const { counted, duplicates, refused } = JSON.parse(text);
  totals.counted += counted;
  totals.duplicates += duplicates;
  totals.refused += refused.length;
  // The answer comes after the commit, so by now all of them can be queried.
  for (const atMs of times) ages.push(now - atMs);
}

/** Events are made when they are due; a relay sends what it has gathered, each at its own moment. */
async function relay(index: number): Promise<void> {
  const mine = perSecond / RELAYS;
  const total = Math.round(mine * Number(seconds));
  for (let made = 0, sendMs = (index * GATHER_MS) / RELAYS; made < total; sendMs += GATHER_MS) {
    await sleep(Math.max(0, startedMs + sendMs - performance.now()));
    const lines: string[] = [];
    const times: number[] = [];
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1_000) * mine));
    for (; made < due; made++) {
      const atMs = Math.round(performance.timeOrigin + startedMs + (made * 1_000) / mine);
      lines.push(line(atMs));
      times.push(atMs);
    }
    if (lines.length > 0) await deliver(lines, times);
  }
}

const startedMs = performance.now();
await Promise.all(Array.from({ length: RELAYS }, (_, index) => relay(index)));
const tookMs = performance.now() - startedMs;
agent.destroy();

function quantiles(values: number[]): { p50: number; p99: number; max: number } {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

process.stdout.write(
  `${JSON.stringify({ ...totals, tookMs, ack: quantiles(acks), age: quantiles(ages) })}\n`,
);
