import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FOR_PROVIDERS, type Mirror, startMirror } from "../support/mirror.js";
import { freePort, type Newcomer, newcomer, type Started } from "./new-provider/newcomer.js";

let mirror: Mirror;
const everybody: [who: string, Newcomer][] = [];

beforeAll(async () => {
  mirror = await startMirror(["@meshauth/cli", ...FOR_PROVIDERS]);
});
afterAll(async () => {
  await mirror.close();
  for (const [who, { waits }] of everybody) process.stdout.write(`${who}\n${waits.map(line).join("")}`);
});

function line({ command, seconds }: Newcomer["waits"][number]): string {
  return `${seconds.toFixed(1).padStart(8)} s  ${command}\n`;
}

function somebody(who: string, env: Readonly<Record<string, string>> = {}): Newcomer {
  const person = newcomer({ ...mirror.env, ...env });
  everybody.push([who, person]);
  return person;
}

interface Created {
  readonly package: string;
  readonly directory: string;
  readonly next: readonly string[];
}

const authJson = ({ home }: Newcomer) => readFileSync(join(home, ".meshery/auth.json"), "utf8");

describe.each(["browser", "device", "paste", "file"])("a package for the flow %s", (flow) => {
  test("does what its maker is told to do next, from an empty folder to a login", async () => {
    const author = somebody(`The author of a provider with the flow ${flow}`);
    const created = (await author.ask(`meshauth provider new acme --flow ${flow} --json`)) as Created;
    const port = await freePort();
    let server: Started | undefined;
    for (const step of created.next) {
      const command = step.replace("127.0.0.1:4180", `127.0.0.1:${port}`);
      if (step.startsWith("cd ")) author.cwd = join(author.cwd, step.slice(3));
      else if (step === "npm run server") {
        server = author.start(step, { PORT: String(port) });
        await server.see(/The stand-in runs at/);
      } else if (flow === "device" && command.includes("meshauth login")) {
        await typeCode(author.start(command), port);
      } else await author.type(command);
    }
    expect(author.cwd).toBe(created.directory);
    expect(JSON.parse(authJson(author))).toMatchObject({ "meshery-provider": "Acme" });
    expect(await author.ask("meshauth whoami --json")).toMatchObject({
      account: { id: "user-1", email: "ada@example.org" },
    });
    server?.stop();
  });
});

/** The person at another device. */
async function typeCode(login: Started, port: number): Promise<void> {
  const [, code = ""] = await login.see(/enter this code: (\S+)/);
  await fetch(`http://127.0.0.1:${port}/device`, { method: "POST", body: new URLSearchParams({ code }) });
  expect((await login.outcome).code).toBe(0);
}

describe("a package from its first day to its last", () => {
  let author: Newcomer;
  let user: Newcomer;
  let login: string;

  beforeAll(async () => {
    author = somebody("The author who publishes");
    user = somebody("Somebody who uses it");
    for (const person of [author, user]) await person.type("npm install --global @meshauth/cli");
    await author.type("meshauth provider new acme --flow browser");
    author.cwd = join(author.cwd, "meshauth-provider-acme");
    await author.type("npm install");
    const port = await freePort();
    await author.start("npm run server", { PORT: String(port) }).see(/The stand-in runs at/);
    login = `meshauth login acme --url http://127.0.0.1:${port} --json`;
  });

  test("the author builds, tests and publishes it", async () => {
    await author.type("npm run build");
    await author.type("npm test");
    await author.type("meshauth provider test . --output meshauth-conformance.json");
    // What `npm login` would have written.
    writeFileSync(join(author.home, ".npmrc"), mirror.login);
    const packed = (await author.ask("npm pack --dry-run --json")) as { files: { path: string }[] }[];
    expect(packed[0]?.files.map(({ path }) => path).sort()).toEqual([
      "LICENSE",
      "README.md",
      ...["about", "answer", "callback", "identify", "index", "tokens"].flatMap((name) => [
        `dist/${name}.d.ts`,
        `dist/${name}.js`,
      ]),
      "meshauth-conformance.json",
      "package.json",
    ]);
    await author.type("npm publish --no-provenance");
  });

  test("a user installs it, signs in, renews and asks who it is", async () => {
    await user.type("meshauth plugins install meshauth-provider-acme --yes");
    expect(await user.ask("meshauth provider show acme --json")).toMatchObject({
      version: "0.1.0",
      conformance: { version: "0.1.0", ok: true, failed: 0 },
    });
    expect(await user.ask(login)).toMatchObject({
      provider: { id: "acme", package: "meshauth-provider-acme", version: "0.1.0" },
      account: { id: "user-1", email: "ada@example.org" },
      verified: true,
    });
    const before = authJson(user);
    await user.type("meshauth refresh");
    expect(authJson(user)).not.toBe(before);
    expect(await user.ask("meshauth whoami --json")).toMatchObject({ account: { id: "user-1" } });
  });

  test("the author publishes a new version, and the user gets it", async () => {
    await author.type("npm version minor --no-git-tag-version");
    const about = join(author.cwd, "src/about.ts");
    writeFileSync(about, readFileSync(about, "utf8").replace('"Acme"', '"Acme 2"'));
    await author.type("npm publish --no-provenance");
    await user.type("meshauth plugins update --yes");
    expect(await user.ask("meshauth provider show acme --json")).toMatchObject({ version: "0.2.0" });
    expect(await user.ask(login)).toMatchObject({ provider: { version: "0.2.0" } });
  });

  test("the user signs out, and takes it off", async () => {
    expect(await user.ask("meshauth logout --json")).toMatchObject({ outcome: "revoked" });
    await user.type("meshauth plugins uninstall meshauth-provider-acme");
    const { providers } = (await user.ask("meshauth provider list --json")) as {
      providers: { id: string }[];
    };
    expect(providers.map(({ id }) => id)).not.toContain("acme");
    expect(existsSync(join(user.home, ".local/share/meshauth/node_modules/meshauth-provider-acme"))).toBe(
      false,
    );
  });
});
