// Who must approve a change under access.yaml, line by line, for the terminal and for Markdown alike.
import { type Requirement, requirementInWords } from '../../access/requirements.ts';
import type { Quote } from './shares-text.ts';

/** Lines, and files that each of them names. */
const MOST_LINES = 20;
const MOST_PATHS = 3;

/** One line a requirement. Files are named where they differ in who must approve them. `say` quotes a sentence of ours. */
export function approvalLines(access: readonly Requirement[], quote: Quote, say: Quote): string[] {
  const lines = access.slice(0, MOST_LINES).map((requirement) => {
    const words = say(requirementInWords(requirement));
    return access.length === 1 ? words : `${words} (${pathsText(requirement.paths, quote)})`;
  });
  const more = access.length - lines.length;
  return more > 0 ? [...lines, `and ${more.toLocaleString('en')} more, which --format json has`] : lines;
}

function pathsText(paths: readonly string[], quote: Quote): string {
  const shown = paths.slice(0, MOST_PATHS).map(quote);
  const more = paths.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more.toLocaleString('en')} more` : shown.join(', ');
}
