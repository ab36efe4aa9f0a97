/**
 * Exit codes of the program. A closed set that scripts may rely on.
 */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notAuthenticated: 4,
  refused: 5,
  timeout: 6,
  network: 7,
  storage: 8,
  provider: 9,
  interaction: 10,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
