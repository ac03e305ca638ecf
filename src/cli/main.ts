#!/usr/bin/env node
// The `halyard` command.
import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode(process.env);
const [{ runProgram }, { commands }] = await Promise.all([import('./program.ts'), import('./commands.ts')]);
await runProgram(commands);
