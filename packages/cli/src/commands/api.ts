import { type ApiDocument, type ApiInput, api, apiDocument, MeshauthError } from "@meshauth/core";
import { string as stringArg } from "@oclif/core/args";
import { boolean, string } from "@oclif/core/flags";
import { BaseCommand, DEFAULT_TIMEOUT, TARGET_FLAGS, targetOf, WAIT_FLAGS } from "../base.js";
import { program } from "../program.js";

const METHODS = /^(get|head|post|put|patch|delete|options)$/i;

/** `api`: a request to the Meshery Server with the credential attached. */
export default class Api extends BaseCommand<ApiDocument | undefined> {
  static override summary = "Send a request to the Meshery Server.";
  static override description =
    "The credential goes with the request, renewed first when it is about to end. The body of the answer is printed byte for byte, and is not searched for secrets. The exit code is 0 for an answer with a status below 400, 4 when the server does not accept the credential, 5 for another status of 400 to 499, and 7 when the server fails, leads elsewhere or sends a web page where data is due. With --json the answer is one document of status, headers and body, without tokens; numbers beyond 2^53 lose digits in it, and bytes that are not UTF-8 are replaced, so leave --json out for the exact bytes.";
  static override usage = "api [METHOD] PATH [FLAGS]";
  static override examples = [
    "meshauth api /api/user",
    'meshauth api "/api/pattern?page=0&pagesize=10"',
    "meshauth api /api/user/prefs --data '{\"anonymousUsageStats\":false}'",
    "meshauth api PUT /api/pattern --data @pattern.json --include",
  ];
  static override args = {
    method: stringArg({
      description: "GET, POST or another method; GET if not given, with --data POST.",
      ignoreStdin: true,
    }),
    path: stringArg({
      description: "The path at the server, with or without the leading slash.",
      ignoreStdin: true,
    }),
  };
  static override flags = {
    data: string({
      char: "d",
      description: "The body of the request; @FILE takes it from a file, - from standard input.",
      helpValue: "TEXT",
    }),
    header: string({
      char: "H",
      description: "A header of the request; may be given several times.",
      helpValue: '"NAME: VALUE"',
      multiple: true,
      multipleNonGreedy: true,
    }),
    include: boolean({ description: "Print the status line and the headers before the body." }),
    ...WAIT_FLAGS,
    ...TARGET_FLAGS,
  };

  override async run(): Promise<ApiDocument | undefined> {
    const { args, flags } = await this.parse(Api);
    const input: ApiInput = {
      target: targetOf(flags),
      ...wordsOf(args),
      ...(flags.data === undefined ? {} : { data: flags.data }),
      headers: flags.header ?? [],
      include: flags.include,
      timeout: flags.timeout ?? DEFAULT_TIMEOUT,
    };
    if (flags.json) return await apiDocument(this.runtime(), input);
    const { output } = program();
    return await api(this.runtime(), input, {
      head: (text) => output.data(text),
      body: (bytes) => output.secretData(bytes),
    }).then(() => undefined);
  }

  /** The answer has been printed as it came. */
  protected override render(): void {}
}

/** One word is the path, unless it can only be a method. */
function wordsOf({
  method,
  path,
}: {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
}): {
  readonly method?: string;
  readonly path: string;
} {
  if (method !== undefined && path !== undefined) return { method, path };
  if (method !== undefined && !METHODS.test(method)) return { path: method };
  throw new MeshauthError("MESHAUTH_E_USAGE", {
    message: "The path of the request is missing.",
    why: method === undefined ? "Nothing was named." : `${method} alone is a method.`,
    next: ["meshauth api /api/user", "meshauth api --help"],
  });
}
