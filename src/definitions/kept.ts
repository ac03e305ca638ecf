// What is kept of a file that was read, so that an unchanged one need not be parsed and checked alone again.
import type { JsonValue } from '../lib/json.ts';
import type { Definition, DefinitionKind } from '../model/definition.ts';
import { inspect } from './checks/facts.ts';
import type { Finding } from './finding.ts';
import type { Offsets } from './positions.ts';
import { keyOf, type ReadFile } from './read-file.ts';

/** Plain data: all that followed from path and content, but for what is had cheaply from the value. */
export interface KeptFile {
  kind: DefinitionKind;
  value: JsonValue;
  offsets: Offsets;
  findings: Finding[];
}

/** Undefined for a file that is no whole definition: there are few of them at a time, and they are read again. */
export function keep(file: ReadFile): KeptFile | undefined {
  const { definition, value, offsets, faults, findings, omitted } = file;
  // What is left of a broken definition is not its value.
  if (faults.length > 0 || omitted || !definition || (definition.body as object) !== value) return undefined;
  return { kind: definition.kind, value, offsets, findings };
}

/** The same as reading the file again. `kept` is of a file of this path and content. */
export function restore(path: string, content: Uint8Array, kept: KeptFile): ReadFile {
  const { kind, value, offsets, findings } = kept;
  const key = keyOf(kind, value as { [key: string]: JsonValue });
  const definition = { kind, key, path, body: value } as unknown as Definition;
  return {
    path,
    content,
    value,
    offsets,
    faults: [],
    facts: inspect(definition).facts,
    findings,
    definition,
  };
}
