// An approval has exactly one text and one name: whatever else stands under the refs is no approval.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  approvalId,
  approvalText,
  MOST_APPROVAL_BYTES,
  parseApproval,
  parseStatement,
  statementText,
} from '../../src/access/statement.ts';
import { canonical, sha256Hex } from '../../src/lib/json.ts';
import type { ApprovalStatement } from '../../src/model/evidence.ts';

const TREE = 'a'.repeat(40);
const statement: ApprovalStatement = {
  v: 1,
  project: 'acme/shop',
  tree: TREE,
  environments: ['dev', 'prod'],
  expires: '2026-11-27T18:04:10Z',
};
const bytes = (text: string) => new TextEncoder().encode(text);

test('what is written is read again, and named by its content', () => {
  const text = statementText(statement);
  expect(text).toBe(
    `{"environments":["dev","prod"],"expires":"2026-11-27T18:04:10Z","project":"acme/shop","tree":"${TREE}","v":1}`,
  );
  expect(parseStatement(text)).toEqual(statement);
  const approval = { statement: text, signature: '-----BEGIN SSH SIGNATURE-----\n' };
  expect(parseApproval(bytes(approvalText(approval)))).toEqual(approval);
  expect(approvalId(approval)).toBe(sha256Hex(approvalText(approval)).slice(0, 16));
});

describe('a statement is none', () => {
  const changed = (change: object) => canonical({ ...statement, ...change });
  test.each([
    ['of another version', changed({ v: 2 })],
    ['whose version is text', changed({ v: '1' })],
    ['with a member that is not known', changed({ more: 1 })],
    ['without a member', canonical({ ...statement, project: undefined })],
    [
      'with a member of the prototype',
      '{"__proto__":1,"environments":["a"],"expires":"x","project":"p","v":1}',
    ],
    ['for an empty project', changed({ project: '' })],
    ['for a project that is a list', changed({ project: ['acme/shop'] })],
    ['for a name without end', changed({ project: 'x'.repeat(201) })],
    ['with a lone surrogate', statementText(statement).replace('acme/shop', '\\ud800')],
    ['over a tree in capitals', changed({ tree: 'A'.repeat(40) })],
    ['over a short tree', changed({ tree: 'abc' })],
    ['over two trees', changed({ tree: [TREE] })],
    ['for no environment', changed({ environments: [] })],
    ['for environments out of order', changed({ environments: ['prod', 'dev'] })],
    ['for one environment twice', changed({ environments: ['prod', 'prod'] })],
    ['for an environment that is a number', changed({ environments: [1] })],
    ['for environments that are no list', changed({ environments: 'prod' })],
    ['for an environment without a name', changed({ environments: [''] })],
    ['that expires on no day of the calendar', changed({ expires: '2026-02-30T00:00:00Z' })],
    ['that expires in local time', changed({ expires: '2026-11-27T18:04:10+01:00' })],
    ['that expires within a second', changed({ expires: '2026-11-27T18:04:10.5Z' })],
    ['that expires at a number', changed({ expires: 1 })],
    ['with its members in another order', JSON.stringify(statement)],
    ['with space', ` ${statementText(statement)}`],
    ['with a line break at the end', `${statementText(statement)}\n`],
    ['with a member that stands twice', statementText(statement).replace('{', '{"environments":["prod"],')],
    ['with escapes that nothing needs', statementText(statement).replace('acme', '\\u0061cme')],
    ['with its version as 1.0', statementText(statement).replace('"v":1', '"v":1.0')],
    ['that is no object', '[]'],
    ['that is null', 'null'],
    ['that is no JSON', 'approved'],
    ['that is empty', ''],
  ])('%s', (_, text) => {
    expect(parseStatement(text)).toBeUndefined();
  });
});

describe('a blob is no approval', () => {
  const approval = { signature: 'S', statement: 'T' };
  test.each([
    ['that is empty', bytes('')],
    ['that is no JSON', bytes('S T')],
    ['with a member more', bytes(canonical({ ...approval, at: 1 }))],
    ['with a member less', bytes(canonical({ statement: 'T' }))],
    ['whose signature is a number', bytes(canonical({ ...approval, signature: 1 }))],
    ['with a line break at the end', bytes(`${canonical(approval)}\n`)],
    ['with a byte order mark', bytes(`\ufeff${canonical(approval)}`)],
    ['of invalid UTF-8', Uint8Array.of(...bytes(canonical(approval)), 0xff)],
    ['with a byte in Latin-1', Buffer.from(canonical({ ...approval, statement: 'é' }), 'latin1')],
    ['that is too large', bytes(canonical({ ...approval, statement: 'T'.repeat(MOST_APPROVAL_BYTES) }))],
  ])('%s', (_, content) => {
    expect(parseApproval(content)).toBeUndefined();
  });
});

test('no bytes and no text make reading fail, and what is read is what was written', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      const read = parseStatement(text);
      expect(read === undefined || statementText(read) === text).toBe(true);
      const approval = parseApproval(bytes(text));
      expect(approval === undefined || approvalText(approval) === text).toBe(true);
    }),
    { seed: 4, numRuns: 500 },
  );
});
