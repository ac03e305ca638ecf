// One entry of the audit as people read it: who and what, the diff in words, the problems and the evidence.
import type { CommitContent, EntryContent, OverrideContent } from '../../audit/content.ts';
import type { WholeEntry } from '../../audit/log.ts';
import { changesInWords } from '../../changes/words.ts';
import { printable } from '../../lib/printable.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { styled } from '../terminal.ts';
import { evidenceLines, mergedLines, signatureText } from './evidence-text.ts';
import { instant, styledAction } from './log-text.ts';

type Field = [name: string, value: string | undefined];

export function showLines({ entry, previousHash, hash, recordedAt, content }: WholeEntry): string[] {
  return [
    `${styled('bold', `#${entry}`)}  ${styledAction(content.action)}  ${printable(content.project)}`,
    ...fieldLines([
      ...fieldsOf(content),
      ['recorded', instant(recordedAt)],
      ['hash', hash],
      ['previous', previousHash],
    ]),
    // Whoever has sync's password may have put anything into a key.
    ...section(
      'changes',
      changesInWords(content.changes).map((line) => printable(line, line.length)),
    ),
    ...('seal' in content ? section('seal', sealLines(content)) : []),
    ...('problems' in content ? section('problems', problemLines(content)) : []),
    ...('evidence' in content ? section('evidence', content.evidence.flatMap(evidenceLines)) : []),
    ...('merged' in content ? section('merged commits', mergedLines(content)) : []),
  ];
}

function fieldsOf(content: EntryContent): Field[] {
  switch (content.action) {
    case 'commit.applied':
    case 'commit.rejected':
      return commitFields(content);
    case 'history.diverged':
    case 'history.accepted':
      return [
        ['commit', content.commit],
        ['in place of', content.base],
        ['actor', content.actor],
        ['at', content.at],
      ];
    case 'override.set':
    case 'override.lifted':
      return [
        ['revision', String(content.revision)],
        ['flag', `${content.flag} in ${content.environment}`],
        ['serve', content.serve],
        ['until', content.until],
        ['reason', content.reason],
        ['actor', content.actor],
        ['signature', signatureText(content.signature)],
        ['at', content.at],
      ];
    default:
      return unreachable(content);
  }
}

function commitFields(content: CommitContent): Field[] {
  return [
    ['subject', content.subject],
    ['revision', content.revision?.toString()],
    ['commit', content.commit],
    ['tree', content.tree],
    ['parents', content.parents.join(' ') || undefined],
    ['author', content.author],
    ['committer', content.committer],
    ['committed', content.committedAt],
    ['pull request', content.pullRequest === undefined ? undefined : `#${content.pullRequest}`],
    ['signature', signatureText(content.signature)],
    ['carries', content.carries.join(' ') || undefined],
    ['source', content.source && `${content.source.path} on ${content.source.branch}`],
  ];
}

/** As `ssh-keygen -Y verify` takes it. */
function sealLines({ seal = '' }: OverrideContent): string[] {
  return seal
    .trimEnd()
    .split('\n')
    .map((line) => printable(line, 100));
}

/** The chain keeps codes and places. Whoever has the repository is told the rest. */
function problemLines({ problems, commit }: CommitContent): string[] {
  if (problems.length === 0) return [];
  const lines = problems.map(
    ({ file, line, column, code }) => `${printable(file, 300)}:${line}:${column}  ${printable(code)}`,
  );
  return [...lines, `In words: halyard access explain ${printable(commit.slice(0, 10))}`];
}

function fieldLines(fields: Field[]): string[] {
  return fields.flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${styled('dim', name.padEnd(13))}${printable(value, 1_000)}`],
  );
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', styled('bold', title), ...lines.map((line) => `    ${line}`)];
}
