// A file in canonical order and layout. What it says is compared before and after, so that formatting never harms a file.
import { commentsOf, layoutOf } from '../definitions/document.ts';
import type { Fault } from '../definitions/finding.ts';
import { type ParsedFile, parse } from '../definitions/parse.ts';
import { HOW_TO_BEGIN } from '../definitions/yaml-faults.ts';
import { canonical } from '../lib/json.ts';
import { inOrder, kindOfLayout } from './key-order.ts';
import { print, WIDTH } from './print.ts';

export type Formatted = { text: string } | { faults: Fault[] };

/** The file's canonical text, or why it has none: it is not well-formed, or does not say what it defines. Total. */
export function format(content: Uint8Array): Formatted {
  const file = read(content);
  if (file.faults.length > 0 || file.text === undefined) return { faults: file.faults };
  // Lines end in line feeds alone.
  const before = file.text.includes('\r') ? read(encoded(file.text.replaceAll('\r\n', '\n'))) : file;
  const root = layoutOf(before);
  const kind = root && kindOfLayout(root);
  if (!kind) return { faults: [NOT_A_DEFINITION] };
  const ordered = inOrder(root, kind);
  // In block style, what has very many items would have more tokens than a file may have.
  for (const width of [WIDTH, Number.POSITIVE_INFINITY]) {
    const text = print(ordered, width);
    if (text === file.text || saysTheSame(read(encoded(text)), before)) return { text };
  }
  return { faults: [CANNOT] };
}

/** As the loader reads it, or `halyard test`, which takes numbers for keys. */
function read(content: Uint8Array): ParsedFile {
  const definition = parse(content, { keepTree: true });
  if (!definition.faults.some(({ code }) => code === 'key-not-text')) return definition;
  const tests = parse(content, { integerKeys: true, keepTree: true });
  return tests.firstKey === 'test' ? tests : definition;
}

function saysTheSame(after: ParsedFile, before: ParsedFile): boolean {
  return (
    after.faults.length === 0 &&
    canonical(after.value ?? null) === canonical(before.value ?? null) &&
    canonical(commentsOf(after).sort()) === canonical(commentsOf(before).sort())
  );
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const NOT_A_DEFINITION: Fault = {
  code: 'not-a-definition',
  offset: 0,
  message: 'The file does not say what it defines.',
  hint: HOW_TO_BEGIN,
};

const CANNOT: Fault = {
  code: 'invalid-yaml',
  offset: 0,
  message: 'The file cannot be laid out in the canonical way without changing what it says.',
  hint: 'Simplify how it is written: very long keys, or texts of odd spaces.',
};
