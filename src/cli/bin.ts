#!/usr/bin/env node
// What the package installs as `halyard`: tells an older Node so, before anything is loaded that it cannot read.
const [major = 0] = process.versions.node.split('.').map(Number);

if (major >= 24) {
  await import('./main.ts');
} else {
  process.stderr.write(
    `halyard: this is Node ${process.versions.node}, and Halyard needs 24 or newer. \`npm install --save-dev node@24\` brings one for \`npx halyard\`.\n`,
  );
  process.exitCode = 2;
}

export {};
