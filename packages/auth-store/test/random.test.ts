import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AuthStore, isStoreError } from "@meshauth/auth-store";
import { describe, expect, it } from "vitest";
import { detailsOf, Home, members } from "./support/folder.js";
import { goUnmarshal } from "./support/go-reader.js";
import { type Random, randomFrom } from "./support/random.js";

const SEED = 20260102;
const KEYS = [
  "token",
  "meshery-provider",
  "Token",
  "",
  "a",
  "a b",
  "é",
  "\u{1f511}",
  "\u2028",
  "<&>",
  "x".repeat(300),
];
const TEXTS = [
  "",
  "t",
  "<script>&",
  "\u2028\u2029",
  "\u{1f511} é",
  '"\\/\b\f\n\r\t\u0001\u007f',
  "\ufeff",
  "y".repeat(5000),
];
const SPACES = ["", "", " ", "\n", "\r\n\t"];

/** A text that Go's decoder takes as a map of strings: any spacing, escapes, nulls, keys that are there twice. */
function goMap(random: Random): string {
  const space = () => random.pick(SPACES);
  const quoted = (text: string) =>
    random.chance(0.3)
      ? `"${[...text].map((character) => escaped(character)).join("")}"`
      : JSON.stringify(text);
  const member = (key: string, text: string | null) =>
    `${space()}${quoted(key)}${space()}:${space()}${text === null ? "null" : quoted(text)}${space()}`;
  const parts = [
    member("meshery-provider", random.pick(["Layer5", "Meshery"])),
    member("token", random.pick(TEXTS)),
  ];
  for (let count = random.below(6); count > 0; count--) {
    const key = random.pick(KEYS);
    const text = random.chance(0.2) && key !== "meshery-provider" ? null : random.pick(TEXTS);
    if (key !== "meshery-provider" || text !== "")
      parts.splice(random.below(parts.length + 1), 0, member(key, text));
  }
  return `${space()}{${parts.join(",")}}${space()}`;
}

function escaped(character: string): string {
  const units = [...Array(character.length).keys()].map((index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** What a careless writer, a full disk or a bad disk may make of a text. */
function spoiled(random: Random, text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length + 1);
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(random.below(8)), bytes.subarray(at)]);
    case 2:
      if (at < bytes.length) bytes[at] = random.below(256);
      return bytes;
    case 3:
      return Buffer.concat([bytes, bytes.subarray(at)]);
    default:
      return random.bytes(random.below(200));
  }
}

/** Every way to read; each gives a result or a StoreError. */
async function readAll(store: AuthStore): Promise<void> {
  for (const reading of [store.read(), store.look(), store.details()]) {
    await reading.catch((error: unknown) => {
      if (!isStoreError(error)) throw error;
    });
  }
}

describe("random content", () => {
  it("T01 that Go reads goes through a renewal with all its members", async () => {
    const random = randomFrom(SEED);
    for (let round = 0; round < 80; round++) {
      const text = goMap(random);
      const home = new Home(text);
      await home.store().commit((current) => {
        if (current.state !== "present") throw new Error(`not read: ${text}`);
        return { renewed: new Map(current.members).set("token", "renewed") };
      });
      const due = goUnmarshal(Buffer.from(text)).set("token", "renewed");
      const got = goUnmarshal(readFileSync(home.file));
      const sorted = (map: Map<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(sorted(got), text).toEqual(sorted(due));
    }
  }, 30_000);

  it("never makes a reader fail in an unforeseen way", async () => {
    const random = randomFrom(SEED + 1);
    const homes = Array.from({ length: 100 }, () => new Home(spoiled(random, goMap(random))));
    await Promise.all(homes.map((home) => readAll(home.store())));
  }, 30_000);

  it("beside the credential never makes a reader or a writer fail", async () => {
    const random = randomFrom(SEED + 2);
    const model = new Home('{"meshery-provider":"Layer5","token":"first"}');
    await model.store().commit(() => ({ members: members("t"), details: detailsOf(), keepPrevious: true }));
    const texts = ["details.json", "previous.json"].map(
      (name) => [name, readFileSync(join(model.data, name), "utf8")] as const,
    );
    for (let round = 0; round < 30; round++) {
      const home = new Home(readFileSync(model.file));
      mkdirSync(home.data, { recursive: true, mode: 0o700 });
      for (const [name, text] of [...texts, ["refused", "x".repeat(65)] as const]) {
        if (random.chance(0.8)) writeFileSync(join(home.data, name), spoiled(random, text), { mode: 0o600 });
      }
      expect((await home.store().look()).state).toMatchObject({ token: "t" });
      const result = await home
        .store()
        .commit((_, turn) =>
          turn.previous === undefined ? { members: members("u"), keepPrevious: true } : { restore: true },
        );
      expect(result).toMatchObject({ changed: true, warnings: [] });
    }
  }, 30_000);
});
