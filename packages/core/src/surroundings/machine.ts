import { existsSync } from "node:fs";
import { userInfo } from "node:os";

/** What is known about this machine beyond its variables. */
export interface Machine {
  readonly wsl: boolean;
  /** Whether WSL has Windows programs registered as something that can be run. */
  readonly wslInterop: boolean;
  readonly container: boolean;
  /** The CI service by name. */
  readonly ci: string | undefined;
  /** The user's name; absent where the system has none for the user id. */
  readonly user: string | undefined;
  readonly root: boolean;
}

const INTEROP = ["/proc/sys/fs/binfmt_misc/WSLInterop", "/proc/sys/fs/binfmt_misc/WSLInterop-late"];

/** Looks at the machine that this process runs on. What it takes is loaded when it is asked for: most commands never do. */
export async function thisMachine(): Promise<Machine> {
  const [{ name: ciName }, { default: isInsideContainer }, { default: isWsl }] = await Promise.all([
    import("ci-info"),
    import("is-inside-container"),
    import("is-wsl"),
  ]);
  return {
    wsl: isWsl,
    wslInterop: INTEROP.some((path) => existsSync(path)),
    container: isInsideContainer(),
    ci: ciName ?? undefined,
    user: userName(),
    root: process.geteuid?.() === 0,
  };
}

function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
