// Where a service listens: an address and a port, and whether other machines reach it.
import { isIP } from 'node:net';
import { UsageError } from '../lib/errors.ts';

export interface Address {
  host: string;
  port: number;
}

/** Reads `127.0.0.1:8016`, `localhost:8016` (the same) or `[::1]:8016`. */
export function parseAddress(text: string, option: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) {
    throw new UsageError(`${option} ${text} is no address. It looks like 127.0.0.1:8016 or [::1]:8016.`);
  }
  // The name may mean two addresses, ::1 as well; one server on one address is what is bounded and drained.
  return { host: host === 'localhost' ? '127.0.0.1' : host, port };
}

export function isLoopback(host: string): boolean {
  if (host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
