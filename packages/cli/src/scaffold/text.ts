import { printable } from "@meshauth/core";
import type { NewProvider } from "./create.js";

const REMARKS: readonly (readonly [start: string, remark: string])[] = [
  ["npm test", "builds it and runs the conformance kit"],
  ["npm run server", "a stand-in for the server, to sign in at; leave it running"],
  ["meshauth plugins link", "in another terminal"],
];

/** What is told to a person when a package has been made. */
export function createdText({ package: name, flow, directory, files, next }: NewProvider): string {
  const width = Math.max(...REMARKS.map(([start]) => start.length)) + 4;
  const lines = next.map((command) => {
    const remark = REMARKS.find(([start]) => command.startsWith(start))?.[1];
    return `  ${remark === undefined ? command : `${command.padEnd(width)}  # ${remark}`}`;
  });
  return [
    `Made ${name}, with the flow ${flow}: ${files.length} files in ${printable(directory, 400)}`,
    "",
    "Next:",
    ...lines,
    "",
    "README.md says how to go on, and how to publish it.",
  ].join("\n");
}
