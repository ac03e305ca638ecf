// `npm run --silent golden -- <file>`: answers a reference set, as JSON {group: {case: answer}}.
import { readFileSync } from 'node:fs';
import { answer, type GoldenSet, written } from './answers.ts';

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('usage: npm run --silent golden -- <reference set>\n');
  process.exitCode = 2;
} else {
  const set: GoldenSet = JSON.parse(readFileSync(file, 'utf8'));
  process.stdout.write(`${written(answer(set))}\n`);
}
