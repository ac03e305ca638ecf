#!/usr/bin/env node
// What the package installs as `halyard`: tells an older Node so, before anything is loaded that it cannot read.
import { existsSync } from 'node:fs';

const [major = 0] = process.versions.node.split('.').map(Number);
// Where the package has it (`npm run build`), the same command with a relay's code alone.
const relayBundle = new URL('../relay/main.js', import.meta.url);

if (major < 24) {
  process.stderr.write(
    `halyard: this is Node ${process.versions.node}, and Halyard needs 24 or newer. \`npm install --save-dev node@24\` brings one for \`npx halyard\`.\n`,
  );
  process.exitCode = 2;
} else if (process.argv[2] === 'relay' && existsSync(relayBundle)) {
  await import(relayBundle.href);
} else {
  await import('./main.ts');
}
