import {
  createMesheryServer,
  type MesheryServerClient,
  type MesheryServerOptions,
} from "../../src/meshery-server/index.js";

export function client(url: string, options: Partial<MesheryServerOptions> = {}): MesheryServerClient {
  return createMesheryServer({
    url,
    env: {},
    userAgent: "meshauth/0.0.0 test",
    signal: new AbortController().signal,
    debug: () => {},
    now: () => new Date(),
    ...options,
  });
}
