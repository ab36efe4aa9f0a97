import { describe, expect, test } from "vitest";
import { commandWith, onlyFlags, typedWord } from "../src/login/command-for.js";
import { warningsOf } from "../src/login/report.js";

describe("a command that was typed, with another flag", () => {
  test.each<[string, readonly string[], string]>([
    [
      "an argument, standard input and a context",
      ["login", "file-import", "-", "-c", "b"],
      "meshauth login file-import - -c b --own-file",
    ],
    [
      "a value with an equals sign",
      ["login", "layer5", "--token-stdin", "--provider-url=https://cloud.example"],
      "meshauth login layer5 --token-stdin --provider-url=https://cloud.example --own-file",
    ],
    [
      "words for a shell",
      ["restore", "--config", "it's a"],
      "meshauth restore --config 'it'\\''s a' --own-file",
    ],
    ["before the end of the flags", ["login", "x", "--", "-f"], "meshauth login x --own-file -- -f"],
  ])("%s", (_, words, command) => {
    expect(commandWith(words, "--own-file")).toBe(command);
  });

  test("a word is whole, however long, and does nothing to a terminal", () => {
    expect(typedWord("p".repeat(500))).toHaveLength(500);
    expect(typedWord("a  b\u001b[31m")).toBe("'a  b[31m'");
    expect(typedWord("")).toBe("''");
  });
});

test("the options that were typed are kept, and nothing else", () => {
  const options = { issuer: "https://login.example", scope: "openid email", fast: true };
  const words = [
    "login",
    "oidc",
    "--issuer",
    "https://login.example",
    "--fast",
    "--start",
    "--scope=openid email",
  ];
  expect(onlyFlags(words, options)).toEqual([
    "--issuer",
    "https://login.example",
    "--fast",
    "--scope=openid email",
  ]);
  expect(onlyFlags(["login", "oidc", "--", "--issuer", "x"], options)).toEqual([]);
});

test("what a write could not keep beside the file is told, and what is mended is not", () => {
  const warnings = (["previous", "details", "bom", "durability"] as const).map((code) => ({
    code,
    message: `about ${code}`,
  }));
  expect(warningsOf({ durable: true, warnings })).toEqual(["about previous", "about details"]);
});
