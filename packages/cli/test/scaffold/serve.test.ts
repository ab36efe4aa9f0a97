import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { factsFrom } from "../../src/scaffold/facts.js";
import { SCAFFOLD_FLOWS } from "../../src/scaffold/flows.js";
import { renderPackage } from "../../src/scaffold/render.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each(SCAFFOLD_FLOWS)(
  "the stand-in of %s tells where it is, and when its port is in use",
  async (flow) => {
    const folder = await mkdtemp(join(tmpdir(), "meshauth-serve-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { dependencies: ranges } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const facts = factsFrom({ name: "acme", flow, licence: "MIT" });
    for (const [path, content] of await renderPackage(facts, { root, ranges, year: 2031 })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const start = (port: number) =>
      spawn(process.execPath, ["test/serve.js"], { cwd: folder, env: { PORT: String(port) } });
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;

    const refused = start(port);
    const [said, [code]] = await Promise.all([text(refused.stderr), once(refused, "close")]);
    expect({ said, code }).toEqual({
      said: `Port ${port} is in use. Try PORT=${port + 1} npm run server.\n`,
      code: 1,
    });

    other.close();
    await once(other, "close");
    const server = start(port);
    const [told] = await once(server.stdout, "data");
    server.kill();
    await once(server, "close");
    expect(String(told)).toContain(`The stand-in runs at http://127.0.0.1:${port}.`);
    expect(String(told)).toContain(`--url http://127.0.0.1:${port}`);
  },
);
