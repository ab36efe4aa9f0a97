// Runs a command in a terminal and answers its questions: `node answer.mjs ANSWER COMMAND`. Prints what it prints, and ends
// as it ends.
import { spawn } from "@lydell/node-pty";

const [answer = "", command = ""] = process.argv.slice(2);
const pty = spawn("/bin/sh", ["-c", command], {
  name: "xterm-256color",
  cols: 120,
  rows: 40,
  env: process.env,
});
let seen = "";
pty.onData((text) => {
  process.stdout.write(text);
  seen += text;
  // A question that is drawn anew after its answer has its mark no more.
  if (!/◆[^◆◇]*\?[^◆◇]*No/.test(seen)) return;
  seen = "";
  setTimeout(() => pty.write(answer), 300);
});
pty.onExit(({ exitCode }) => process.exit(exitCode));
