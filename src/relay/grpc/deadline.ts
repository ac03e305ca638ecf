// How long a call may take by what its client says. What is answered at once needs no deadline; a stream ends by it.
// Sources: github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md (Timeout); connectrpc.com/docs/protocol (Timeout).

const UNITS_MS: { [unit: string]: number } = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
/** More than a timer can wait for is no deadline. */
const LONGEST_MS = 2 ** 31 - 1;

/** In milliseconds; undefined where there is none, or it cannot be read. */
export function timeoutMsOf(headers: { [name: string]: unknown }): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(headers['grpc-timeout'])) ?? [];
  const ofConnect = /^\d{1,10}$/.exec(String(headers['connect-timeout-ms']))?.[0];
  const ms = amount === undefined ? Number(ofConnect) : Number(amount) * (UNITS_MS[unit] as number);
  return ms <= LONGEST_MS ? ms : undefined;
}
