// The git of the person who runs a command, with their configuration and credentials: asks, fetches and pushes in their name.
import { askGit, type CommandOptions, runGit } from './command.ts';
import { type GitEnvironment, ownEnvironment } from './environment.ts';

/** For one exchange with a remote. */
const EXCHANGE_DEADLINE_MS = 120_000;
const SSH = 'ssh -o BatchMode=yes -o ConnectTimeout=10';

export class OwnGit {
  readonly folder: string;
  readonly #environment: GitEnvironment;
  readonly #signal: AbortSignal | undefined;

  /** @param inherited usually `process.env` */
  constructor(folder: string, inherited: NodeJS.ProcessEnv, signal?: AbortSignal) {
    this.folder = folder;
    this.#environment = ownEnvironment(inherited);
    this.#signal = signal;
  }

  /** A setting; a path in it is written out. Undefined where it is not set. Throws GitError. */
  async setting(name: string, type: 'path' | 'text' = 'text'): Promise<string | undefined> {
    const args = ['config', '--get', ...(type === 'path' ? ['--type=path'] : []), name];
    const { exitCode, text } = await askGit(args, { ...this.#options(), answers: [1] });
    return exitCode === 0 ? text.replace(/\n$/, '') : undefined;
  }

  /** What `git ls-remote` prints of the refs that fit a pattern: `<object> TAB <ref>` a line. Throws GitError. */
  async listRemote(remote: string, patterns: readonly string[]): Promise<string> {
    return runGit(['ls-remote', '--', remote, ...patterns], await this.#exchange());
  }

  /** Fetches refs and objects by their names. A refspec may say where a ref goes. Throws GitError. */
  async fetch(remote: string, wanted: readonly string[], { withoutFiles = false } = {}): Promise<void> {
    const quietly = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
    const filter = withoutFiles ? ['--filter=blob:none'] : [];
    const input = `${wanted.join('\n')}\n`;
    const args = ['fetch', ...quietly, ...filter, '--stdin', '--', remote];
    await runGit(args, { ...(await this.#exchange()), input });
  }

  /** Writes a blob and resolves to its id. Throws GitError. */
  async writeBlob(content: string): Promise<string> {
    return (await runGit(['hash-object', '-w', '--stdin'], { ...this.#options(), input: content })).trim();
  }

  /** Pushes one object to one ref, past hooks of the clone, which are about its branches. Throws GitError. */
  async push(remote: string, object: string, ref: string): Promise<void> {
    await runGit(['push', '--no-verify', '--', remote, `${object}:${ref}`], await this.#exchange());
  }

  #options(): CommandOptions {
    return { folder: this.folder, environment: this.#environment, signal: this.#signal };
  }

  /** An ssh that nobody has set up otherwise asks for nothing. */
  async #exchange(): Promise<CommandOptions> {
    const options = { ...this.#options(), deadlineMs: EXCHANGE_DEADLINE_MS };
    const { GIT_SSH, GIT_SSH_COMMAND } = this.#environment;
    if (GIT_SSH ?? GIT_SSH_COMMAND ?? (await this.setting('core.sshCommand'))) return options;
    return { ...options, environment: { ...this.#environment, GIT_SSH_COMMAND: SSH } };
  }
}
