// What ajv compiles the schemas of definitions to, as a module: to compile them at each start takes longer than most commands do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

/** Where a validator calls another one, and takes over its errors. */
const TAKES_OVER = /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);/g;
/** Errors are appended: copied with each item of a list, their time was quadratic. */
const APPENDS =
  'if (vErrors === null) vErrors = $1.errors; else for (const error of $1.errors) vErrors.push(error);';

/** ajv asks for its own functions as CommonJS does, in a module too. */
const REQUIRES = /^const (\w+) = require\("(ajv\/dist\/runtime\/\w+)"\)\.default;?$/gm;

/** @param kinds of definitions, each with a schema in schemas/ and a validator of its name in the module */
export function validatorsModule(kinds: readonly string[]): string {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    // For editors. The checks tell more about an instant than that it is none.
    formats: { 'date-time': true },
    code: { source: true, esm: true, lines: true },
    schemas: ['common', ...kinds].map(schemaOf),
  });
  const code = standalone.default(
    ajv,
    Object.fromEntries(kinds.map((kind) => [kind, `${kind}.schema.json`])),
  );
  return [
    '// @ts-nocheck\n// Generated from schemas/ by `npm run generate`. Do not edit.',
    code
      .replace('"use strict";\n', '')
      .replace(REQUIRES, "import $1_ from '$2.js';\nconst $1 = $1_.default;")
      .replace(TAKES_OVER, APPENDS),
  ].join('\n');
}

function schemaOf(name: string): object {
  return JSON.parse(readFileSync(join(import.meta.dirname, `../schemas/${name}.schema.json`), 'utf8'));
}
