import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import {
  inspectMeshconfig,
  type Meshconfig,
  type MeshconfigInput,
  resolveMeshconfig,
} from "../../src/meshconfig/index.js";

type Overrides = Partial<MeshconfigInput>;

/** A home directory that ends with the test. */
export interface Home {
  readonly home: string;
  readonly folder: string;
  readonly file: string;
  /** Writes a file below the home; its folders are made. */
  write(path: string, content: string | Uint8Array): Promise<string>;
  resolve(overrides?: Overrides): Promise<Meshconfig>;
  inspect(overrides?: Overrides): Promise<Meshconfig>;
}

/** @param config - The content of `.meshery/config.yaml`; none without. */
export async function makeHome(config?: string | Uint8Array): Promise<Home> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "meshauth-config-")));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, ".meshery");
  const file = join(folder, "config.yaml");
  const input: MeshconfigInput = { env: {}, home, cwd: home, platform: "linux", flags: {} };
  const made: Home = {
    home,
    folder,
    file,
    async write(path, content) {
      const full = join(home, path);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, content);
      return full;
    },
    resolve: (overrides) => resolveMeshconfig({ ...input, ...overrides }),
    inspect: (overrides) => inspectMeshconfig({ ...input, ...overrides }),
  };
  if (config !== undefined) await made.write(".meshery/config.yaml", config);
  return made;
}

/** A config as mesheryctl writes it, with the given lines for its contexts' settings. */
export const TYPICAL = `contexts:
    local:
        endpoint: http://localhost:9081
        token: default
        platform: kubernetes
        components: []
        channel: stable
        version: latest
        provider: Layer5
    prod:
        endpoint: https://meshery.example/base/
        token: other
        platform: docker
current-context: local
tokens:
    - name: default
      location: auth.json
    - location: prod/auth.json
      name: other
`;
