// Reads contexts for the commands that take them: one as JSON, @file or -, or many, one JSON object a line.
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { isContext } from '../engine/subject.ts';
import { UsageError } from '../lib/errors.ts';
import type { Context } from '../model/context.ts';

/** A context of a file, with the line that it stands on, counted from 1. */
export interface ContextLine {
  line: number;
  context: Context;
}

/** `text` is JSON, `@` and a file's name, or `-` for standard input. Throws UsageError. */
export async function readContext(text: string, option: string): Promise<Context> {
  const file = text.startsWith('@') ? text.slice(1) : text;
  const json = file === text && text !== '-' ? text : await readSource(option, file);
  return parseContext(json, option);
}

/** The contexts of a file, or of standard input for `-`. Empty lines are passed over. Throws UsageError, which names the line. */
export async function readContextLines(file: string, option: string): Promise<ContextLine[]> {
  const lines = (await readSource(option, file)).split('\n');
  return lines.flatMap((text, index) => {
    const line = index + 1;
    return text.trim() === '' ? [] : [{ line, context: parseContext(text, `line ${line} of ${option}`) }];
  });
}

async function readSource(option: string, file: string): Promise<string> {
  if (file === '-') return readAll(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`the file "${file}" of ${option} cannot be read (${code})`, { cause: error });
  }
}

function parseContext(json: string, what: string): Context {
  let context: unknown;
  try {
    context = JSON.parse(json.replace(/^\ufeff/, ''));
  } catch (error) {
    // The parser's own message quotes what it read, which may be somebody's mail address.
    const place = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const where = place === undefined ? '' : `, at character ${Number(place) + 1}`;
    throw new UsageError(`${what} is not JSON${where}`, { cause: error });
  }
  if (isContext(context)) return context;
  throw new UsageError(`${what} must be a JSON object, such as {"targetingKey":"u1","country":"US"}`);
}
