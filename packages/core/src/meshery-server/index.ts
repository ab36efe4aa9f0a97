export {
  createMesheryServer,
  type MesheryServerClient,
  type MesheryServerOptions,
} from "./client.js";
export { obstacleTo } from "./cookie.js";
export { isHtml, type Judged, judge, withReason } from "./judge.js";
export type { ServerVersion } from "./version.js";
