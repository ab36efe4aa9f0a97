export { type Fact, type FactId, isOn, vainText } from "./facts.js";
export { type Machine, thisMachine } from "./machine.js";
export { type Asking, holds, type Reason, silenceOf } from "./obstacle.js";
export { reachHint, tunnelCommand } from "./reach.js";
export {
  gatherSurroundings,
  type Opener,
  type Surroundings,
} from "./surroundings.js";
