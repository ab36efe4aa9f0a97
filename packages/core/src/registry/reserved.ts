/**
 * Names that no option of a provider may have: the flags of every login, the letters that stand for
 * some of them, and the flags that the program keeps for providers' common needs.
 */
export const RESERVED_OPTIONS: ReadonlySet<string> = new Set([
  "json",
  "help",
  "force",
  "context",
  "config",
  "server",
  "timeout",
  "no-input",
  "no-color",
  "expect-account",
  "skip-verify",
  "token-stdin",
  "explain",
  "own-file",
  "start",
  "complete",
  "provider",
  "no-browser",
  "port",
  "paste",
  "c",
  "p",
  "h",
]);
