// Bundles programs of ours: fewer files to find and to read at each start.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

export const root = join(import.meta.dirname, '..');
const swaggerUi = join(root, 'node_modules/@fastify/swagger-ui');

/** The code of the page at /docs looks for its files beside itself; they come along, to lie beside the bundle. */
const pageBesideBundle: Plugin = {
  name: 'page-beside-bundle',
  setup({ onLoad }) {
    onLoad({ filter: /@fastify\/swagger-ui\/lib\/routes\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const fromLib = "path.join(__dirname, '..', 'static')";
      if (!text.includes(fromLib)) throw new Error(`${path} looks for its files in another way than before`);
      return { contents: text.replace(fromLib, "path.join(__dirname, 'static')") };
    });
  },
};

/** Named by packages of ours, and loaded only for what nobody asks of them: compile schemas, call a server in its own process, be on another platform. */
export const NEVER_LOADED = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'pg-cloudflare',
  'pg-native',
];

/** What packages that are written for `require` take for given. */
const COMMON_JS = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
  'const { dirname: __dirname, filename: __filename } = import.meta;',
].join('\n');

/**
 * Writes a bundle, in place of what is in the folder. What is loaded when it is first asked for stays in files of its own.
 * @param entryPoints the files in which programs and threads begin, by the names that they are given
 * @returns which files were made, of what, and what each loads
 */
export async function bundle(folder: string, entryPoints: { [name: string]: string }) {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, file]) => [name, join(root, file)]),
    ),
    outdir: folder,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: COMMON_JS },
    chunkNames: '[name]-[hash]',
    // Names stay, so that stacks in the log can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    external: NEVER_LOADED,
    plugins: [pageBesideBundle],
    metafile: true,
    logLevel: 'warning',
  });
  // For a place where no other package.json is above it.
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await cp(join(swaggerUi, 'static'), join(folder, 'static'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map'),
  });
  return metafile;
}
