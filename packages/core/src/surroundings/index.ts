export type { Fact, FactId, Streams } from "./facts.js";
export { type Machine, thisMachine } from "./machine.js";
export { holds } from "./obstacle.js";
export { reachHint, tunnelCommand } from "./reach.js";
export {
  gatherSurroundings,
  type Opener,
  type Surroundings,
  type SurroundingsInput,
} from "./surroundings.js";
