import { describe, expect, test } from "vitest";
import { splitLoginArgv } from "../src/login/argv.js";

const VALUES = new Set(["--provider", "-p", "--context", "-c", "--provider-url", "--timeout"]);

describe("splitLoginArgv", () => {
  test.each<[string, string | undefined, string | undefined, string]>([
    ["", undefined, undefined, ""],
    ["--force layer5", "layer5", undefined, "--force"],
    ["--json --provider-url p001 p002", "p002", undefined, "--json --provider-url p001"],
    ["-c ctx layer5 --json", "layer5", undefined, "-c ctx --json"],
    ["--timeout=5m none", "none", undefined, "--timeout=5m"],
    ["-p Meshery", undefined, "Meshery", ""],
    ["-pMeshery", undefined, "Meshery", ""],
    ["-p=Meshery", undefined, "Meshery", ""],
    ["--provider=Meshery --json", undefined, "Meshery", "--json"],
    ["-p file-import auth.json", undefined, "file-import", "auth.json"],
    ["auth.json --force -p file-import", undefined, "file-import", "auth.json --force"],
    ["--force -p", undefined, "", "--force"],
    ["--force file-import -", "file-import", undefined, "--force -"],
    ["-- layer5", "layer5", undefined, "--"],
    ["--force --json", undefined, undefined, "--force --json"],
  ])("%j", (line, word, flag, rest) => {
    const split = splitLoginArgv(line.split(" ").filter(Boolean), VALUES);
    expect([split.word, split.flag, split.rest.join(" ")]).toEqual([word, flag, rest]);
  });
});
