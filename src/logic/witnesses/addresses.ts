// IP addresses that stand for all: blocks are ranges, so whether an address is in them only changes where one starts or ends.
import { type Address, type Block, blockOperand } from '../../engine/operands/address.ts';
import type { Scalar } from '../../model/definitions.gen.ts';

/** The lowest of each family, and the first IPv6 address behind those that map IPv4. */
const ALWAYS = ['0.0.0.0', '::', '::1:0:0:0'];

/** Of any address, one of these is in the same of these blocks. */
export function addressesAround(blocks: readonly Scalar[]): string[] {
  const edges = blocks.flatMap((block) => {
    const parsed = blockOperand(block);
    return 'operand' in parsed ? [first(parsed.operand), behind(parsed.operand)] : [];
  });
  return [...ALWAYS, ...edges.flatMap((address) => (address ? [textOf(address)] : []))];
}

function first({ address, bits }: Block): Address {
  return address.map((byte, i) => byte & mask(bits - i * 8));
}

/** The address after the last one; undefined where the block ends with its family. */
function behind(block: Block): Address | undefined {
  const bytes = [...first(block)];
  if (block.bits === 0) return undefined;
  let i = Math.floor((block.bits - 1) / 8);
  let carry = 1 << (7 - ((block.bits - 1) % 8));
  for (; i >= 0 && carry > 0; i--) {
    const sum = (bytes[i] ?? 0) + carry;
    bytes[i] = sum & 0xff;
    carry = sum >> 8;
  }
  return carry > 0 ? undefined : bytes;
}

/** A byte of which that many leading bits are set. */
function mask(bits: number): number {
  return bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}

function textOf(address: Address): string {
  if (address.length === 4) return address.join('.');
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((address[i * 2] ?? 0) << 8) | (address[i * 2 + 1] ?? 0),
  );
  return groups.map((group) => group.toString(16)).join(':');
}
