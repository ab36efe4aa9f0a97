export {
  createMesheryServer,
  type MesheryServerClient,
  type MesheryServerOptions,
} from "./client.js";
export type { ServerVersion } from "./version.js";
