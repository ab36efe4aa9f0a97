import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "./elm.js";

export default {
  api: { major: 1, minor: 0 },
  id: "elm-file",

  async login(request, host) {
    const bytes = await contentOf(request.options.file, host);
    const [first = "", ends] = Buffer.from(bytes).toString("utf8").trim().split("\n");
    if (!first.startsWith("elm-key-")) {
      throw failure("input", "This is no key file of Elm.", { reason: "Its first line is no key." });
    }
    if (ends !== undefined && new Date(ends) < host.now() && !request.force) {
      throw failure("expired", "The key has expired.", { next: ["Give --force to take it all the same."] });
    }
    return { kind: "token", serverName: "Elm File", token: first };
  },
};

async function contentOf(file, host) {
  if (file === "-") return await host.readStdin(4096);
  const path = file.startsWith("~/") && host.home !== undefined ? join(host.home, file.slice(2)) : file;
  try {
    return await readFile(path);
  } catch (cause) {
    throw failure("input", "The key file cannot be read.", { reason: cause.code, cause });
  }
}
