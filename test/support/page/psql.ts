// Stands in for `psql -q <url> -c <statements>` (or `-f <file>`) where a page's commands run: as quiet, and with its words for errors.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';

const { values, positionals } = parseArgs({
  options: {
    quiet: { type: 'boolean', short: 'q' },
    command: { type: 'string', short: 'c' },
    file: { type: 'string', short: 'f' },
  },
  allowPositionals: true,
});
const client = new pg.Client({ connectionString: positionals[0] });
await client.connect();
try {
  await client.query(values.command ?? (await readFile(values.file ?? '', 'utf8')));
} catch (error) {
  if (!(error instanceof pg.DatabaseError)) throw error;
  const { severity, message, detail, hint, where } = error;
  const parts = [
    [severity, message],
    ['DETAIL', detail],
    ['HINT', hint],
    ['CONTEXT', where],
  ];
  for (const [name, text] of parts) if (text) process.stderr.write(`${name}:  ${text}\n`);
  process.exitCode = 1;
} finally {
  await client.end();
}
