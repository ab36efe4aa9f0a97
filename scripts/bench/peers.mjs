// Other programs that say who is signed in.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeIn } from "./homes.mjs";
import { environment, timed } from "./run.mjs";

const USUAL = ["gh auth token=gh auth token"];

/**
 * @param plan `peers` has the words of `--peer`, such as `aws=aws sts get-caller-identity`; a space is the end of a word. A
 *   quick run has no other ones.
 * @returns What can be started here: `[name, function that gives ms]`. A peer may end with any code.
 */
export function peers({ peers: given, folder, keep, quick }) {
  const home = homeIn(folder, "peers");
  mkdirSync(join(home, ".config/gh"), { recursive: true });
  writeFileSync(
    join(home, ".config/gh/hosts.yml"),
    "github.com:\n    user: bench\n    oauth_token: made-up\n    git_protocol: https\n",
  );
  const env = environment(home, keep);
  const wanted = [...(quick ? [] : USUAL), ...given].map((text) => {
    const [, name, line] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined) throw new TypeError(`--peer takes a name and a command line, not ${text}.`);
    return { name, words: line.trim().split(/\s+/) };
  });
  return wanted.flatMap(({ name, words }) => {
    const take = () => timed(words, { env });
    try {
      take();
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      process.stderr.write(`${words[0]} is not installed, so there is nothing to say about ${name}.\n`);
      return [];
    }
    return [[name, take]];
  });
}
