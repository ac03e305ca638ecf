// A caller that asks a relay all the time over keep-alive connections, and notes every answer that is not right.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** The flag that every commit of a stage changes. */
export const FLAG = 'answer';
/** What the flag's value is at a revision, so that each answer shows by itself whether it is right. */
export const valueAt = (revision: number) => 1_000 + revision;

/** An answer that takes so long counts as none. */
const DEADLINE_MS = 20_000;
const PAUSE_MS = 7;

interface Seen {
  value: unknown;
  revision: unknown;
}

/** flagd's protocol, in Connect's form of it. */
const GRPC = '/flagd.evaluation.v1.Service/ResolveFloat';

/** The routes that are asked in turn, and where their answers hold what is checked. */
// biome-ignore lint/suspicious/noExplicitAny: an answer is looked at as it comes
const ROUTES: [path: string, see: (answer: any) => Seen | undefined][] = [
  [`/v1/evaluate/${FLAG}`, ({ value, metadata }) => ({ value, revision: metadata?.revision })],
  [`/ofrep/v1/evaluate/flags/${FLAG}`, ({ value, metadata }) => ({ value, revision: metadata?.revision })],
  ['/v1/evaluate', ({ flags, revision }) => ({ value: flags?.[FLAG]?.value, revision })],
  [GRPC, ({ value, metadata }) => ({ value, revision: metadata?.revision })],
  [
    '/ofrep/v1/evaluate/flags',
    ({ flags }) => {
      // biome-ignore lint/suspicious/noExplicitAny: as above
      const flag = flags?.find(({ key }: any) => key === FLAG);
      return flag && { value: flag.value, revision: flag.metadata?.revision };
    },
  ],
];

export class Caller {
  readonly #url: string;
  readonly #grpcUrl: string | undefined;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #ended: Promise<void>;
  #isStopped = false;
  /** How many right answers there were. */
  answers = 0;
  /** What was wrong with the others. */
  readonly faults: string[] = [];
  /** The newest revision that was answered from. */
  revision = 0;

  /** Asks from now on; flagd's protocol too, where its address is given. */
  constructor({ url, grpcUrl }: { url: string; grpcUrl?: string | undefined }) {
    this.#url = url;
    this.#grpcUrl = grpcUrl;
    this.#ended = this.#run();
  }

  /** Resolves when the last answer is there. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#ended;
    this.#agent.destroy();
  }

  async #run(): Promise<void> {
    const routes = ROUTES.filter(([path]) => path !== GRPC || this.#grpcUrl !== undefined);
    for (let turn = 0; !this.#isStopped; turn++) {
      const [path, see] = routes[turn % routes.length] as (typeof ROUTES)[number];
      try {
        const base = path === GRPC ? this.#grpcUrl : this.#url;
        const { status, text } = await post(this.#agent, `${base}${path}`);
        this.#judge(path, status, status === 200 ? see(JSON.parse(text)) : undefined, text);
      } catch (error) {
        this.faults.push(`${path}: ${(error as Error).message}`);
      }
      await sleep(PAUSE_MS);
    }
  }

  #judge(path: string, status: number, seen: Seen | undefined, text: string): void {
    const { value, revision } = seen ?? {};
    const isRight = typeof revision === 'number' && value === valueAt(revision) && revision >= this.revision;
    if (!isRight)
      this.faults.push(`${path} after revision ${this.revision}: ${status} ${text.slice(0, 300)}`);
    else {
      this.answers++;
      this.revision = revision;
    }
  }
}

function post(agent: Agent, url: string): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const headers = { 'content-type': 'application/json' };
  const asked = request(url, { method: 'POST', agent, headers, timeout: DEADLINE_MS }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (part: string) => {
      text += part;
    });
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    answer.on('error', reject);
  });
  asked.on('timeout', () => asked.destroy(new Error(`no answer within ${DEADLINE_MS} ms`)));
  asked.on('error', reject);
  asked.end(`{"flagKey":"${FLAG}","context":{"targetingKey":"subject-of-the-matrix"}}`);
  return promise;
}
