import { DEFAULT_MIN_VALIDITY, type ExecCredential, execCredential, freshCredential } from "@meshauth/core";
import { BaseCommand, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../../base.js";
import { MIN_VALIDITY_FLAG } from "../../login/flags.js";

/** `credential exec`: the exec plugin of Kubernetes clients. */
export default class CredentialExec extends BaseCommand<ExecCredential> {
  static override summary = "Print the credential in the form of a Kubernetes exec credential.";
  static override description =
    "For the `exec` section of a user in a kubeconfig: prints an ExecCredential of client.authentication.k8s.io, in the version that KUBERNETES_EXEC_INFO asks for. Renewed first when it is about to end, as with `token`. Never asks anything.";
  static override examples = [
    "meshauth credential exec",
    "kubectl config set-credentials meshery --exec-api-version=client.authentication.k8s.io/v1 --exec-interactive-mode=Never --exec-command=meshauth --exec-arg=credential --exec-arg=exec",
  ];
  static override flags = { ...MIN_VALIDITY_FLAG, ...WAIT_FLAGS, ...TARGET_FLAGS };

  override async run(): Promise<ExecCredential> {
    const { flags } = await this.parse(CredentialExec);
    const minValidity = flags["min-validity"] ?? DEFAULT_MIN_VALIDITY;
    const credential = await freshCredential(this.timedRuntime(flags), targetOf(flags), { minValidity });
    this.warnings(credential.warnings);
    return execCredential(credential, process.env);
  }

  protected override async render(credential: ExecCredential): Promise<void> {
    await this.printSecret(JSON.stringify(credential));
  }

  protected override async printDocument(credential: ExecCredential): Promise<void> {
    await this.render(credential);
  }
}
