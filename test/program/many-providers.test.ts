import { beforeAll, describe, expect, test } from "vitest";
import { offlineHome } from "../support/offline.js";
import { document, type Home, meshauth, type Outcome } from "../support/program.js";
import { linkProviders, moduleWith } from "../support/third-party.js";

const IDS = Array.from({ length: 100 }, (_, index) => `acme-${index}`);
const LOCAL = ["login", "none", "--skip-verify", "--json"];

describe("with 100 providers installed", () => {
  let many: Home;
  let none: Home;

  beforeAll(() => {
    [many, none] = [offlineHome(), offlineHome()];
    linkProviders(
      many,
      IDS.map((id) => ({ id, module: moduleWith(id, 'return { kind: "local", serverName: "Acme" };') })),
    );
  });

  /** What a command says in a home, whatever the home and the time of day. */
  const said = async (home: Home, argv: readonly string[]): Promise<Outcome> => {
    const outcome = await meshauth(home, argv);
    const plain = (text: string) =>
      text.replaceAll(home.path, "HOME").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
    return { ...outcome, stdout: plain(outcome.stdout), stderr: plain(outcome.stderr) };
  };

  test.each([
    [["--version"]],
    [["status", "--json"]],
    [["login", "none", "--help"]],
    [LOCAL],
    [["token"]],
    [["context", "list", "--json"]],
    [["whoami", "--json"]],
    [["check", "--json"]],
    [["logout", "--json"]],
    [["status", "--no-such-flag"]],
  ])("%j is as it is without them", async (argv) => {
    for (const home of [many, none]) await meshauth(home, LOCAL);
    expect(await said(many, argv)).toEqual(await said(none, argv));
  });

  test("each of them is listed, shown, helped with and signed in with", async () => {
    const list = document(await meshauth(many, ["provider", "list", "--json"])) as {
      providers: { id: string }[];
    };
    const ids = list.providers.map(({ id }) => id);
    expect(ids).toHaveLength(104);
    expect(ids).toEqual(expect.arrayContaining(IDS));
    const { plugins } = document(await meshauth(many, ["plugins", "--json"])) as { plugins: unknown[] };
    expect(plugins).toHaveLength(100);
    const help = await meshauth(many, ["login", "--help"]);
    for (const id of IDS) expect(help.stdout).toMatch(new RegExp(`login ${id} `));
    for (const id of ["acme-0", "acme-57", "acme-99"]) {
      expect(document(await meshauth(many, ["provider", "show", id, "--json"]))).toMatchObject({ id });
      expect(document(await meshauth(many, ["login", id, "--force", "--json"]))).toMatchObject({
        provider: { id },
      });
    }
  });
});
