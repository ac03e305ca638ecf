// IP addresses and CIDR blocks, IPv4 and IPv6, strictly as they are written down (RFC 4291 §2.2, RFC 4632 §3.1).
import { type Parsed, quoted } from './parsed.ts';

/** The bytes of an address: 4 or 16. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is the IPv4 address that it maps. */
export type Address = readonly number[];

export interface Block {
  address: Address;
  /** How many leading bits must be equal. */
  bits: number;
}

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const BLOCK = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/;
/** `0000:0000:0000:0000:0000:ffff:255.255.255.255` */
const LONGEST_ADDRESS = 45;

/** Parses an address, or returns undefined: no octal, no leading zeros in IPv4, no missing parts, no zone, no port. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  if (IPV4.test(text)) return text.split('.').map(Number);
  const bytes = parseIpv6(text);
  return bytes && isMapped(bytes) ? bytes.slice(12) : bytes;
}

export function isInBlock(address: Address, block: Block): boolean {
  if (address.length !== block.address.length) return false;
  for (let i = 0, bits = block.bits; bits > 0; i++, bits -= 8) {
    const differing = (address[i] ?? 0) ^ (block.address[i] ?? 0);
    if (differing >> Math.max(0, 8 - bits) !== 0) return false;
  }
  return true;
}

/** A block, or a single address. Bits behind the prefix may be set and do not count. */
export function blockOperand(value: unknown): Parsed<Block> {
  const operand = typeof value === 'string' ? parseBlock(value) : undefined;
  if (operand) return { operand };
  return {
    fault: {
      code: 'invalid-cidr',
      message: `${quoted(value)} is not an address block: expected CIDR, such as "10.0.0.0/8" or "2001:db8::/32".`,
      hint: 'Write an address, `/` and how many of its bits count.',
    },
  };
}

function parseBlock(text: string): Block | undefined {
  const match = BLOCK.exec(text);
  const address = parseAddress(match?.[1] ?? text);
  if (!address) return undefined;
  const width = address.length * 8;
  if (!match) return { address, bits: width };
  // A block of IPv4-mapped addresses counts their 96 leading bits too.
  const bits = Number(match[2]) - (width === 32 && text.includes(':') ? 96 : 0);
  return bits >= 0 && bits <= width ? { address, bits } : undefined;
}

/** Eight groups, of which `::` leaves out one or more that are zero; the last two may be written as IPv4. */
function parseIpv6(text: string): Address | undefined {
  const [before = '', after, ...others] = text.split('::');
  const head = parseGroups(before, after === undefined);
  const tail = after === undefined ? [] : parseGroups(after, true);
  if (!head || !tail || others.length > 0) return undefined;
  const missing = 16 - head.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array<number>(missing).fill(0), ...tail];
}

/** The bytes of groups between colons; only at the end of an address may they end in IPv4. */
function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (GROUP.test(group)) {
      const number = Number.parseInt(group, 16);
      bytes.push(number >> 8, number & 0xff);
    } else if (isEnd && index === groups.length - 1 && IPV4.test(group))
      bytes.push(...group.split('.').map(Number));
    else return undefined;
  }
  return bytes;
}

function isMapped(bytes: Address): boolean {
  return bytes.every((byte, index) => index > 11 || byte === (index < 10 ? 0 : 0xff));
}
