// IP addresses and CIDR blocks, IPv4 and IPv6, strictly as they are written down (RFC 4291 §2.2, RFC 4632 §3.1).
import ipaddr from 'ipaddr.js';
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
const IPV6 = new RegExp(`^[0-9A-Fa-f:]*:(?:${OCTET}(?:\\.${OCTET}){3}|[0-9A-Fa-f]{0,4})$`);
const BLOCK = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/;
/** `0000:0000:0000:0000:0000:ffff:255.255.255.255` */
const LONGEST_ADDRESS = 45;

/** Parses an address, or returns undefined: no octal, no leading zeros in IPv4, no missing parts, no zone, no port. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  if (IPV4.test(text)) return text.split('.').map(Number);
  if (!IPV6.test(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toByteArray() : address.toByteArray();
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
    },
  };
}

function parseBlock(text: string): Block | undefined {
  const match = BLOCK.exec(text);
  const address = parseAddress(match?.[1] ?? text);
  if (!address) return undefined;
  const width = address.length * 8;
  if (!match) return { address, bits: width };
  // A block of IPv4-mapped addresses counts its 96 leading bits too.
  const isMapped = width === 32 && text.includes(':');
  const bits = Number(match[2]) - (isMapped ? 96 : 0);
  return bits >= 0 && bits <= width ? { address, bits } : undefined;
}
