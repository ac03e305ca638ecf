// Another relay's text in slices: whatever it is, the same comes out as of JSON.parse.
import { describe, expect, it } from 'vitest';
import { snapshotText } from '../../src/relay/snapshot-text.ts';
import { parseInSlices } from '../../src/relay/sources/upstream-json.ts';
import { snapshotAt } from './support.ts';

const many = Object.fromEntries(
  Array.from({ length: 2_000 }, (_, at) => [`flag-${at}`, { description: `${at} é "],"` }]),
);
const whole = await snapshotText(snapshotAt(1, { flags: many }));
const half = whole.slice(0, whole.indexOf('"definitions":['));
/** Long enough to be cut, at each of its rows. */
const rowsOf = (row: string) => Array.from({ length: 5_000 }, () => row).join(',');
const nested = `{"kind":"flag","body":[{"kind":1},{"kind":2}],"x":"${'x'.repeat(100)}"}`;

const TEXTS: [what: string, text: string][] = [
  ['a snapshot', whole],
  ['rows that hold what looks like the next row', `{"definitions":[${rowsOf(nested)}]}`],
  ['rows in another form', `{"definitions":[ ${rowsOf('{ "kind": "flag", "key": "a" }')} ] }`],
  ['rows that come first', `${whole.slice(0, -1)},"revision":7}`],
  ['rows twice', `${half}"definitions":[],${whole.slice(half.length)}`],
  ['rows deeper down', `{"definition":{"definitions":[${rowsOf(nested)}]}}`],
  ['a name that ends alike', `{"my\\"definitions":[${rowsOf(nested)}]}`],
  ['a member that looks like rows', `{"x":{"definitions":[1]},"definitions":[${rowsOf(nested)}]}`],
  ['a list', `[${rowsOf('{"kind":"flag"}')}]`],
  ['a text', JSON.stringify(whole)],
];
const BROKEN: [what: string, text: string][] = [
  ['half a snapshot', whole.slice(0, whole.length / 2)],
  ['half a snapshot that ends alike', `${whole.slice(0, whole.length / 2)}]}`],
  ['a comma at the end', `${whole.slice(0, -2)},]}`],
  ['two snapshots', whole + whole],
  ['nothing', ''],
  ['many spaces', ' '.repeat(100_000)],
];

describe('a long text of another relay', () => {
  it.each(TEXTS)('is read in slices as it is at once: %s', async (_what, text) => {
    expect(await parseInSlices(text)).toEqual(JSON.parse(text));
  });

  it.each(BROKEN)('is refused in slices as it is at once: %s', async (_what, text) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    await expect(parseInSlices(text)).rejects.toThrow(SyntaxError);
  });

  it('leaves the event loop turns in between', async () => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await parseInSlices(
      `{"definitions":[${Array.from({ length: 40 }, () => rowsOf('{"kind":"flag"}')).join(',')}]}`,
    );
    isOver = true;
    expect(turns).toBeGreaterThan(1);
  });
});
