import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PAGES = [
  "docs/provider-guide.md",
  "docs/provider-contract.md",
  "docs/provider-security.md",
  "SECURITY.md",
  "packages/provider-api/README.md",
];
/** How pages of this repository are linked to from packages. */
const HERE = "https://github.com/meshauth/meshauth/blob/main/";

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test.each(PAGES)("links of %s lead to pages and headings that are there", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target = ""]) => target);
  const own = links
    .map((link) =>
      link.startsWith(HERE) ? { link, path: link.slice(HERE.length) } : { link, path: local(page, link) },
    )
    .filter(({ path }) => !/^\w+:/.test(path));
  expect(own.length).toBeGreaterThan(0);
  const broken = own.filter(({ path }) => {
    const [file = "", anchor] = path.split("#");
    const anchors = file.endsWith(".md") ? anchorsOf(file) : [];
    return anchor !== undefined && !anchors.includes(anchor);
  });
  expect(broken.map(({ link }) => link)).toEqual([]);
});

/** A link of a page, from the root. */
function local(page: string, link: string): string {
  if (/^\w+:/.test(link)) return link;
  return link.startsWith("#") ? `${page}${link}` : join(page, "..", link);
}
