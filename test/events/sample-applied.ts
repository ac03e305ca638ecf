// The sample project, applied to a database as `halyard sync` does.
import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { halyard } from '../support/command.ts';

const FLAGS = join(import.meta.dirname, '../../flags');

/** Makes a repository of it in `folder`, and applies its only commit. */
export async function applySample(databaseUrl: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(FLAGS, join(folder, 'flags'), { recursive: true });
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  const git = (...args: string[]) => promisify(execFile)('git', [...identity, ...args], { cwd: folder });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '--message=Sample project');
  const args = ['sync', '--once', '--repo', folder, '--state-dir', join(folder, '.state')];
  const { code, stderr, stdout } = await halyard([...args, '--database-url', databaseUrl]);
  if (code !== 0) throw new Error(`sync ended with ${code}: ${stdout}${stderr}`);
}
