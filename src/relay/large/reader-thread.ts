// The thread that reads large bodies: of each it gives back what matters for an evaluation, which is little.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { serialize } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { namesTree, slimContext } from '../../engine/attributes.ts';
import { isContext } from '../../engine/subject.ts';
import { readJson, Unreadable } from '../read-json.ts';
import type { Form, FromThread, ToThread, WasRead } from './messages.ts';
import { threadMs } from './thread-time.ts';

/** What calls are waiting for goes first: this thread gets what they leave of the processors. */
const PRIORITY = 10;

let names = namesTree([]);
let mostFlags = 0;

if (!parentPort) throw new Error('this is the beginning of a thread');
const port = parentPort;
yieldToOthers();
port.on('message', async (message: ToThread) => {
  if (message.type === 'wanted') {
    names = namesTree(message.attributes);
    ({ mostFlags } = message);
  } else {
    const beforeMs = threadMs();
    const was = await read(message.form, Buffer.concat(message.parts));
    const answer: FromThread = { read: was, ms: threadMs() - beforeMs };
    port.postMessage(answer, was.type === 'read' ? [was.slim.buffer as ArrayBuffer] : []);
  }
});

/** Linux gives each thread a priority of its own; elsewhere it stays that of the process. */
function yieldToOthers(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, PRIORITY);
  } catch {
    // It reads all the same.
  }
}

async function read(form: Form, bytes: Buffer): Promise<WasRead> {
  try {
    const slim = form === 'http' ? slimRequest(bytes) : await slimCall(form, bytes);
    if (slim === 'many') return { type: 'unreadable', why: 'many' };
    // Its memory is its own, so it can be handed over.
    return { type: 'read', slim: Uint8Array.from(serialize(slim)), mostMs: msToTakeOver(slim) };
  } catch (error) {
    if (error instanceof Unreadable) return { type: 'unreadable', why: error.why };
    throw error;
  }
}

/** Of the members those that a call which evaluates may have; a context that is none stays none. */
function slimRequest(bytes: Buffer): unknown {
  const body = readJson(bytes.toString());
  if (!isContext(body)) return null;
  const { context, default: fallback } = body;
  const flags: unknown = Array.isArray(body.flags) ? [...new Set(body.flags)] : body.flags;
  if (Array.isArray(flags) && flags.length > mostFlags) return 'many';
  return {
    ...(context !== undefined && { context: isContext(context) ? slimContext(context, names) : null }),
    ...(flags !== undefined && { flags }),
    ...(fallback !== undefined && { default: fallback }),
  };
}

/** What reads other protocols is loaded when they are spoken. */
async function slimCall({ codec, asks }: Exclude<Form, 'http'>, bytes: Buffer): Promise<unknown> {
  const { askedFor } = await import('../grpc/received.ts');
  const { flagKey, context } = askedFor(bytes, codec, asks);
  return { flagKey, context: slimContext(context, names) };
}

/** What it takes about to make each of what was serialised, in milliseconds: the name of a member costs most. */
const MEMBER_MS = 0.0008;
const HOLDER_MS = 0.00015;
const SCALAR_MS = 0.00004;

function msToTakeOver(body: unknown): number {
  const waiting = [body];
  let ms = 0;
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) {
      ms += SCALAR_MS;
      continue;
    }
    const children: unknown[] = Object.values(value);
    ms += HOLDER_MS + (Array.isArray(value) ? 0 : MEMBER_MS * children.length);
    for (const child of children) waiting.push(child);
  }
  return ms;
}
