import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkTarball } from "../../src/plugins/tarball.js";
import { temporaryFolder } from "../support/folder.js";
import { type TarEntry, writeTar } from "../support/tar.js";

const MB = 1024 * 1024;
const LIMITS = { entries: 1_000, bytes: MB };

const MANIFEST: TarEntry = { path: "package/package.json", content: "{}" };

async function check(entries: readonly TarEntry[], compress = true): Promise<void> {
  const path = join(await temporaryFolder(), "package.tgz");
  await checkTarball(await writeTar(path, entries, compress), LIMITS, new AbortController().signal);
}

describe("a tarball is looked at before it is unpacked", () => {
  it.each<[string, readonly TarEntry[]]>([
    ["a package", [MANIFEST, { path: "package/dist/index.js", content: "x".repeat(5_000) }]],
    ["a link to a file of its own", [MANIFEST, { path: "package/a/link", link: "../package.json" }]],
    ["a hard link to one", [MANIFEST, { path: "package/link", link: "package/package.json", hard: true }]],
    ["as much as it may hold", [{ path: "package/large", zeros: MB }]],
    ["a name of 200 characters", [{ pax: { path: `package/${"a".repeat(200)}` } }, { path: "package/a" }]],
    ["another top folder", [{ path: "thing/package.json" }, { path: "thing/link", link: "./package.json" }]],
  ])("%s is fine", async (_, entries) => {
    await expect(check(entries)).resolves.toBeUndefined();
    await expect(check(entries, false)).resolves.toBeUndefined();
  });

  const OUT = / is a link out of the package\.$/;
  const DEVICE = / is a device or a pipe\.$/;
  const OUTSIDE = / would be written outside of the package\.$/;
  it.each<[string, readonly TarEntry[], RegExp]>([
    ["a byte more", [{ path: "package/large", zeros: MB + 1 }], /^It is larger than 1 MB\.$/],
    [
      "a byte more in all",
      [MANIFEST, { path: "package/large", zeros: MB - 1 }],
      /^It is larger than 1 MB\.$/,
    ],
    [
      "300 MB in the size of a pax header",
      [{ pax: { size: `${300 * MB}` } }, { path: "package/large", zeros: 0 }],
      /^It is larger than 1 MB\.$/,
    ],
    [
      "more files than it may hold",
      Array.from({ length: 1_001 }, (_, index) => ({ path: `package/${index}` })),
      /^It holds more than 1,000 files\.$/,
    ],
    ["a link to a folder of the system", [MANIFEST, { path: "package/link", link: "/etc" }], OUT],
    ["a link to what is above", [MANIFEST, { path: "package/a/link", link: "../../x" }], OUT],
    ["a link to its neighbour", [MANIFEST, { path: "package/link", link: "../package-2/x" }], OUT],
    ["a hard link to a file of the system", [{ path: "package/link", link: "/etc/passwd", hard: true }], OUT],
    ["a hard link beside it", [{ path: "package/link", link: "elsewhere/x", hard: true }], OUT],
    [
      "a link whose target is in a pax header",
      [{ pax: { linkpath: "../../x" } }, { path: "package/link", link: "package.json" }],
      OUT,
    ],
    [
      "a link whose target is in GNU's header",
      [
        { longName: "/etc/passwd", ofLink: true },
        { path: "package/link", link: "package.json" },
      ],
      OUT,
    ],
    [
      "a link behind an empty block",
      [MANIFEST, { raw: Buffer.alloc(512) }, { path: "package/l", link: "/x" }],
      OUT,
    ],
    ["a link behind rubbish", [{ raw: Buffer.alloc(512, 7) }, { path: "package/l", link: "/x" }], OUT],
    ["a character device", [MANIFEST, { path: "package/x", type: "3" }], DEVICE],
    ["a block device", [MANIFEST, { path: "package/x", type: "4" }], DEVICE],
    ["a FIFO", [MANIFEST, { path: "package/x", type: "6" }], DEVICE],
    ["a file above it", [{ path: "package/../../x" }], OUTSIDE],
    ["a file of the system", [{ path: "/etc/x" }], OUTSIDE],
    ["a file above it, in GNU's header", [{ longName: "package/../../x" }, { path: "package/x" }], OUTSIDE],
    [
      "a large header for all",
      [MANIFEST, { pax: { comment: "x".repeat(MB) }, forAll: true }],
      /^It is larger/,
    ],
    [
      "headers without end",
      Array<TarEntry>(1_000).fill({ pax: { comment: "x".repeat(900) } }),
      /^It is larger/,
    ],
    ["rubbish without end", [{ raw: Buffer.alloc(1_001 * 512, 7) }, MANIFEST], /^It holds too much that is/],
    ["zeros without end", [MANIFEST, { raw: Buffer.alloc(2 * MB) }], /^It holds too much that is no file\.$/],
    ["a header of a megabyte", [{ pax: { comment: "x".repeat(MB) } }], /^A name in it is too long\.$/],
  ])("%s is refused", async (_, entries, reason) => {
    await expect(check(entries)).rejects.toThrow(reason);
    await expect(check(entries, false)).rejects.toThrow(reason);
  });

  it.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("not a tarball")],
    ["zeros", Buffer.alloc(100 * 512)],
    ["damaged gzip", Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3])],
  ])("%s is for npm to judge", async (_, content) => {
    const path = join(await temporaryFolder(), "package.tgz");
    await writeFile(path, content);
    await expect(checkTarball(path, LIMITS, new AbortController().signal)).resolves.toBeUndefined();
  });

  it("and so is what is not there", async () => {
    const { signal } = new AbortController();
    await expect(checkTarball("/nowhere/package.tgz", LIMITS, signal)).resolves.toBeUndefined();
  });

  it("a look that is ended ends with the signal's reason", async () => {
    const path = join(await temporaryFolder(), "package.tgz");
    await writeTar(path, [MANIFEST, { path: "package/large", zeros: 100 * MB }]);
    const end = new AbortController();
    const limits = { ...LIMITS, bytes: 200 * MB };
    const looking = checkTarball(path, limits, end.signal);
    setImmediate(() => end.abort(new Error("enough")));
    await expect(looking).rejects.toThrow("enough");
    await expect(checkTarball(path, limits, end.signal)).rejects.toThrow("enough");
  });
});
