// Who runs a command, for entries of the audit that no policy puts a name to.
import { hostname, userInfo } from 'node:os';

/** `user@machine`. */
export function operatorName(): string {
  return `${userName()}@${hostname()}`;
}

/** A container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
