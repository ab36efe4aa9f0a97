export {
  type Acceptance,
  createMesheryServer,
  type MesheryServerClient,
  type MesheryServerOptions,
} from "./client.js";
export { cookieHeader, fitsCookie, obstacleTo, renewedToken } from "./cookie.js";
export type { ServerVersion } from "./version.js";
