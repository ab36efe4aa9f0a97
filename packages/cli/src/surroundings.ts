import { type Asking, gatherSurroundings, type Surroundings, silenceOf, thisMachine } from "@meshauth/core";

/** Where this program runs. @param noInput - The flag that forbids questions, where one was given. */
export async function gather(noInput: string | undefined): Promise<Surroundings> {
  return gatherSurroundings({
    ...asking(noInput),
    platform: process.platform,
    machine: await thisMachine(),
  });
}

/** Whether a question can be asked here. @param noInput - The flag that forbids questions, where one was given. */
export function isInteractive(noInput: string | undefined): boolean {
  return silenceOf(asking(noInput)) === undefined;
}

function asking(noInput: string | undefined): Asking {
  const streams = { stdin: Boolean(process.stdin.isTTY), stderr: Boolean(process.stderr.isTTY) };
  return { env: process.env, streams, noInput };
}
