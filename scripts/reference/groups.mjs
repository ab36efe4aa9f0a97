/** The parts of the page: a heading, a word about it, and the names that belong there, in order. */
export const GROUPS = [
  {
    title: "The manifest",
    text: "The member `meshauth` of a package's `package.json`. It is read without running any code of the package, and is all that `login --help`, completion, `provider list` and the question before an installation go by.",
    names: ["ProviderManifest", "ProviderEntry", "Flow", "OptionSpec", "FLOWS", "NAME_PATTERN"],
  },
  {
    title: "The provider object",
    text: "The default export of the module that the manifest names. The module is imported when somebody signs in with the provider, or a credential of it is renewed, revoked or asked about; not before.",
    names: ["Provider", "LoginRequest", "OptionValues", "defineProvider"],
  },
  {
    title: "The host handed in",
    text: "The second argument of every call.",
    names: [
      ...["Host", "HostRequest", "HostResponse"],
      ...["ListenOptions", "DeviceLogin", "Decision", "Receiver"],
      ...["Choice", "ProviderEvent"],
      ...["MesheryServer", "ServerAnswer", "ServerCredential", "ServerProvider"],
    ],
  },
  {
    title: "Credentials and accounts",
    text: "What a login hands over, and what later calls get and give.",
    names: [
      ...["Credential", "CredentialBase", "LocalCredential", "TokenCredential", "OAuth2Credential"],
      ...["Account", "Revocation"],
    ],
  },
  {
    title: "Failing on purpose",
    text: "",
    names: ["ProviderError", "ProviderErrorCode", "ProviderErrorOptions", "isProviderError"],
  },
  {
    title: "Versions of the contract",
    text: "The contract has a version of its own. A package says in its manifest, and its provider object in `api`, which one it was written for. A meshauth that offers a later minor version of the same major runs it as before. One for a later minor version, or for another major, is not run: `meshauth provider list` names it with the reason and the command that mends it, which is a newer meshauth for a later contract and a newer version of the package for an older major.",
    names: ["ApiVersion", "PROVIDER_API", "parseApiVersion", "isCompatible"],
  },
  {
    title: "Text and names from elsewhere",
    text: "",
    names: ["printable", "shellWord", "UNSAFE_CHARACTERS", "goesBy", "storableName"],
  },
  {
    title: "Meshery's formats",
    text: "Imported from `@meshauth/provider-api/format`.",
    names: [
      ...["parseToken", "TokenForm", "inspectToken", "TokenInspection", "storedToken"],
      ...["encodeEnvelope", "EnvelopeParts", "isLater", "withRefreshToken", "parseExpiry"],
      ...["parseAuthJson", "ParseAuthJsonOptions", "AuthJson", "AuthJsonWarning", "formatAuthJson"],
      ...["SERVER_NAME_KEY", "TOKEN_KEY", "RESERVED_KEYS"],
      ...["readAccount", "textMember", "flawOfServerName", "isLocalName"],
      ...["parseJson", "ParseJsonOptions", "ParsedJson", "JsonValue", "JsonError", "isJsonError"],
      ...["decodeUtf8", "namedType", "showKey"],
    ],
  },
];
