import { LeftToMesheryctl } from "../../../login/elsewhere.js";

/** `system token set`: known, and left to mesheryctl. */
export default class SystemTokenSet extends LeftToMesheryctl {
  static override summary = "Leave setting the token entry of a context to mesheryctl.";
  static override examples = ["meshauth system token set", "meshauth system token set NAME"];
}
