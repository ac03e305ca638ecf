// A URL as it may be shown and logged: without user, password and query.

/** The URL's text without its secrets. A plain path, or git's `user@host:path`, comes back without the user. */
export function publicUrl(text: string): string {
  if (!URL.canParse(text)) return text.replace(/^[^/@]*@(?=[^/]+:)/, '').replace(/[?#].*$/s, '');
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
