// Annotations at the lines of a pull request, as workflow commands of GitHub.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

export interface Annotation {
  severity: 'error' | 'warning';
  /** From the repository's root. */
  file: string;
  line: number;
  column: number;
  /** How many characters are meant, from the column on. */
  length: number;
  title: string;
  message: string;
}

/** GitHub shows ten errors and ten warnings of a step; more of them are only read in its log. */
export const MOST_ANNOTATIONS = 100;

/** One line, without its end. */
export function annotationLine({ severity, file, line, column, length, title, message }: Annotation): string {
  const properties = { file, line, endLine: line, col: column, endColumn: column + length, title };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapedMessage(message)}`;
}

/** What moves the cursor of a terminal, or text around, where the log is read. */
const UNSAFE = /(?![\r\n])[\p{Cc}\p{Bidi_Control}]/gu;

/** As `@actions/core` escapes what follows the second `::`. */
function escapedMessage(text: string): string {
  const safe = text.replace(UNSAFE, '\ufffd');
  return safe.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** As `@actions/core` escapes the value of a property. */
function escapedProperty(text: string): string {
  return escapedMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
