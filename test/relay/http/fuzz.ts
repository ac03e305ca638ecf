// The fuzzer: so many requests from one seed, on many connections, alone, pipelined and stirred; each answer is judged.
import { exchange } from './fuzz-client.ts';
import { judgeBy } from './fuzz-judge.ts';
import { Chance } from './fuzz-random.ts';
import { anyRequest, type FuzzedRequest } from './fuzz-requests.ts';
import { stirred } from './fuzz-stir.ts';

const CONNECTIONS = 32;
const MOST_PIPELINED = 8;
const MOST_SHRINKS = 400;

export interface Fuzzed {
  requests: number;
  byStatus: Map<number, number>;
  /** The first request that was answered wrongly, as small as it could be made, and what was wrong. */
  failure?: { faults: string[]; bytes: Buffer };
}

interface Case {
  bytes: Buffer;
  /** Undefined for stirred ones: what is in them is known to nobody. */
  requests: FuzzedRequest[] | undefined;
}

function anyCase(chance: Chance): Case {
  const requests = Array.from({ length: chance.once(3) ? 1 + chance.below(MOST_PIPELINED) : 1 }, () =>
    anyRequest(chance),
  );
  // Node reads nothing behind an upgrade in the same packet, also where it takes none.
  const last = requests.findIndex((request) => request.bytes.includes('Upgrade: '));
  if (last >= 0) requests.length = last + 1;
  const bytes = Buffer.concat(requests.map((request) => request.bytes));
  return chance.once(4) ? { bytes: stirred(chance, bytes), requests: undefined } : { bytes, requests };
}

/** Sends at least `count` requests. Ends at the first failure. */
export async function fuzz(url: string, seed: number, count: number): Promise<Fuzzed> {
  const port = Number(new URL(url).port);
  // On a connection that does not stay: what is left afterwards is counted.
  const contract = await fetch(`${url}/openapi.json`, { headers: { connection: 'close' } });
  const judge = judgeBy((await contract.json()) as never);
  const result: Fuzzed = { requests: 0, byStatus: new Map() };
  const faultsOf = async ({ bytes, requests }: Case, count = true): Promise<string[]> => {
    const { answers, fault } = await exchange(
      port,
      bytes,
      requests?.map(({ method }) => method),
    );
    if (count)
      for (const { status } of answers) result.byStatus.set(status, (result.byStatus.get(status) ?? 0) + 1);
    const faults = answers.flatMap((answer, at) => judge(answer, requests?.[at]));
    return fault === undefined ? faults : [...faults, fault];
  };
  const chance = new Chance(seed);
  const worker = async () => {
    while (result.requests < count && !result.failure) {
      const each = anyCase(chance);
      result.requests += each.requests?.length ?? 1;
      const faults = await faultsOf(each);
      if (faults.length > 0)
        result.failure ??= { faults, bytes: await smallest(each, (other) => faultsOf(other, false)) };
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return result;
}

/** Leaves out requests, then bytes, as long as something stays wrong. */
async function smallest(failing: Case, faultsOf: (each: Case) => Promise<string[]>): Promise<Buffer> {
  for (const request of failing.requests ?? []) {
    const alone = { bytes: request.bytes, requests: [request] };
    if ((await faultsOf(alone)).length > 0) return request.bytes;
  }
  if (failing.requests) return failing.bytes;
  let { bytes } = failing;
  let tries = 0;
  for (let size = bytes.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= bytes.length && tries < MOST_SHRINKS; tries++) {
      const smaller = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      if ((await faultsOf({ bytes: smaller, requests: undefined })).length > 0) bytes = smaller;
      else at += size;
    }
  }
  return bytes;
}
