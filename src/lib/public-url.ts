// A URL as it may be shown and logged: without user, password and query.

/** The URL's text without its secrets. A plain path, or git's `user@host:path`, comes back without the user. */
export function publicUrl(text: string): string {
  if (!URL.canParse(text)) {
    // One without a host, or with a password that is not escaped: what stands before the last @ may be it.
    const bare = text.replace(/^([a-z][a-z\d+.-]*:\/\/).*@/is, '$1');
    return bare.replace(/^[^/@]*@(?=[^/]+:)/, '').replace(/[?#].*$/s, '');
  }
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
