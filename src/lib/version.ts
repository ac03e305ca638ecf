// The version of Halyard, as logs, status pages and `--version` show it. The same as package.json's (a test compares them).

export const VERSION = '0.1.0';
