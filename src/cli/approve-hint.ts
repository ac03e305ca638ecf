// The command in a refusal's hint, as it is typed where the reader stands: which commit, and where the approval is left.

/** @param remote where approvals are read: a remote's name, or `.` for the clone itself; a URL is not named. */
export function approveHint(hint: string, commit: string, remote: string): string {
  const isNamed = remote !== 'origin' && /^[\w.-]+$/.test(remote);
  return hint.replace(
    /`halyard approve <commit>([^`]*)`/g,
    (_, options: string) =>
      `\`halyard approve ${commit.slice(0, 10)}${options}${isNamed ? ` --remote ${remote}` : ''}\``,
  );
}
