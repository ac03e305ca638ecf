// What is told when a person's own git does not get through to a remote.
import { GitError } from '../../git/command.ts';
import { UnreachableError } from '../../lib/errors.ts';
import { printable } from '../../lib/printable.ts';

const HINTS: readonly [RegExp, string][] = [
  [
    /terminal prompts disabled|Authentication failed|could not read (Username|Password)/,
    'Sign in first: git asks for no password here. A credential helper keeps one.',
  ],
  [
    /Permission denied \(|Host key verification failed/,
    'ssh asks for nothing here. Give your key to the agent with `ssh-add`, and trust the host once with `ssh`.',
  ],
  [
    /\[remote rejected\]|pre-receive hook declined|protected/i,
    'The repository must let you push to refs/halyard/approvals/.',
  ],
];

/** Awaits an exchange with a remote. What git says becomes an UnreachableError that says what helps. */
export async function atRemote<T>(name: string, exchange: Promise<T>): Promise<T> {
  return exchange.catch((cause: unknown) => {
    if (!(cause instanceof GitError)) throw cause;
    const hint = HINTS.find(([said]) => said.test(cause.said))?.[1];
    const message = `it did not work out with ${printable(name, 200)}: ${cause.message}`;
    throw new UnreachableError('git', hint === undefined ? message : `${message} ${hint}`, { cause });
  });
}
