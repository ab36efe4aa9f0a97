import type { StartReport } from "@meshauth/core";

/** A started login for people, on standard error. */
export function startText({ link, code, expiresAt, complete }: StartReport): string {
  const command = complete.replace(/ --json$/, "");
  const enter = code === null ? [] : [`and enter this code: ${code}`, ""];
  const open = link === null ? [] : ["To sign in, open this link in a browser:", "", link, "", ...enter];
  const end = `${expiresAt.slice(0, 19).replace("T", " ")} UTC`;
  const paste =
    link === null || code !== null
      ? []
      : [
          "If the last page does not load, put its whole address into a file and add < FILE to the command.",
          "The address holds the token: give it to nobody else, not into a chat, and delete the file afterwards.",
        ];
  return [...open, `Then complete the login, until ${end}:`, `  ${command}`, ...paste].join("\n");
}
