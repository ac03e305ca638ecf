// The configuration that git runs with, in a file of ours in place of the user's: what is fetched is bounded, and runs nothing.

export interface Configuration {
  /** Folders that may belong to another user: the repository that was named, and the mirror. */
  safeFolders: readonly string[];
  /** A file in the folder that git runs in, with the ids of objects that are taken although git finds fault with them. */
  skipList?: string | undefined;
  /** Whether a repository that merely lies in a folder, as files of another one do, is left alone. */
  leavesBareAlone?: boolean;
}

/**
 * Everything that fsck finds fault with is refused (git treats even its warnings so in a fetch), but for three faults of
 * old tools, which old repositories have and which GitHub and GitLab let pass: they change nothing of what a commit means.
 */
const CHECKED = `[transfer]
	fsckObjects = true
[fetch "fsck"]
	badTimezone = ignore
	missingSpaceBeforeDate = ignore
	zeroPaddedFilemode = ignore
`;

/**
 * Files of more than a megabyte are never whole in memory. What is fetched stays one pack, whose size can be watched;
 * packs are joined when there are many, the large ones never again, and what no ref reaches is thrown away.
 */
const BOUNDED = `[core]
	bigFileThreshold = 1m
[pack]
	threads = 2
[fetch]
	unpackLimit = 1
	recurseSubmodules = false
[gc]
	autoDetach = false
	autoPackLimit = 50
	bigPackThreshold = 64m
	cruftPacks = true
	pruneExpire = 1.hour.ago
[maintenance]
	autoDetach = false
`;

/** A redirection could send a token, and the next requests, to any other server. A server at work sends a byte at least. */
const CONNECTED = `[http]
	followRedirects = false
	lowSpeedLimit = 1
	lowSpeedTime = 30
[credential]
	helper =
`;

/** A repository's own configuration can name programs; these never run. */
const INERT = `[core]
	fsmonitor = false
	hooksPath = /dev/null
[init]
	defaultBranch = main
	templateDir =
`;

/** The text of the file. */
export function gitConfiguration({ safeFolders, skipList, leavesBareAlone }: Configuration): string {
  const directories = safeFolders.map((folder) => `\tdirectory = ${quoted(folder)}\n`).join('');
  const safe = leavesBareAlone ? `${directories}\tbareRepository = explicit\n` : directories;
  const skipped = skipList === undefined ? '' : `\tskipList = ${quoted(skipList)}\n`;
  return `# Written by halyard, which runs git with this file alone.\n[safe]\n${safe}${CHECKED}${skipped}${BOUNDED}${CONNECTED}${INERT}`;
}

/** As git-config(1) reads it back. */
function quoted(path: string): string {
  const escaped = path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}
