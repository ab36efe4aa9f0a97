import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CASES } from "../src/cases/index.js";
import { CONTRACT, showLine } from "../src/contract.js";

const API = new URL("../../provider-api/src/", import.meta.url);

/** All doc comments of the contract as running text. */
async function contractText(): Promise<string> {
  const names = (await readdir(API)).filter((name) => name.endsWith(".ts"));
  const files = await Promise.all(names.map((name) => readFile(new URL(name, API), "utf8")));
  return files
    .join("\n")
    .replace(/\n\s*\*\s?/g, " ")
    .replace(/\s+/g, " ");
}

test("what the kit quotes is what the contract says", async () => {
  const text = await contractText();
  expect(Object.values(CONTRACT).filter(({ says }) => !text.includes(says))).toEqual([]);
});

test("what the kit quotes it quotes of something that there is", async () => {
  const text = await contractText();
  const names = Object.values(CONTRACT).flatMap(({ of }) => of.split("."));
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

test("a quotation is plain text", () => {
  const lines = Object.values(CONTRACT).map(showLine);
  expect(lines.filter((line) => /[`{}\n]/.test(line))).toEqual([]);
});

test("each case has an id of its own, a title, and comes after those that it needs", () => {
  const ids = CASES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, title, needs } of CASES) {
    expect(id).toMatch(/^[a-z]+\.[a-z-]{1,20}$/);
    expect(title).toMatch(/^(?:[A-Z]|package\.json).{10,100}[^.]$/);
    expect(needs.filter((other) => ids.indexOf(other) < 0 || ids.indexOf(other) >= ids.indexOf(id))).toEqual(
      [],
    );
  }
});

test("ids stay: reports that packages ship have them", () => {
  expect(CASES.map(({ id }) => id)).toMatchSnapshot();
});
