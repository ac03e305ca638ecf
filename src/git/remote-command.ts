// Runs a git command that talks to a repository's server: with helpers of its own, and a server that may say anything, or nothing.
import { type CommandOptions, failure } from './command.ts';
import { runProgram } from './program.ts';

/**
 * What git prints, and its exit code, where that is 0 or one of the answers. Throws GitError when git fails or passes its
 * deadline, UnreachableError where there is no git, and the signal's reason.
 */
export async function askRemote(
  args: readonly string[],
  { answers = [], ...options }: CommandOptions,
): Promise<{ exitCode: number; text: string }> {
  options.signal?.throwIfAborted();
  const ended = await runProgram('git', args, options);
  const { exitCode } = ended;
  if (exitCode === 0) return { exitCode, text: ended.stdout };
  if (answers.includes(exitCode)) return { exitCode, text: '' };
  throw failure(`git ${args[0]}`, ended);
}
