// Commands that are suggested to people work on the folder that they are in the midst of.

/** The command with the option `--path`, unless that is its default. */
export function withPath(command: string, path: string): string {
  if (path === 'flags') return command;
  return `${command} --path ${/^[\w./@:+-]+$/.test(path) ? path : JSON.stringify(path)}`;
}
