// The exit codes of every command.

export const EXIT = { fine: 0, problems: 1, wrongUse: 2, unreachable: 3 } as const;
