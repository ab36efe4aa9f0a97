/** A config whose context names a token, and has no `tokens`. */
export const HEAD = "contexts:\n  a:\n    token: t\ncurrent-context: a\n";

/** Before and after: everything but the added entry is the same, byte for byte. */
export const ADDED: readonly (readonly [string, string, string])[] = [
  [
    "after the last entry of a list, in its order and indentation",
    `${HEAD}tokens:\n    - location: x.json\n      name: x\n`,
    `${HEAD}tokens:\n    - location: x.json\n      name: x\n    - location: auth.json\n      name: t\n`,
  ],
  [
    "in a list without indentation",
    `tokens:\n- name: x\n  location: x.json\n${HEAD}`,
    `tokens:\n- name: x\n  location: x.json\n- name: t\n  location: auth.json\n${HEAD}`,
  ],
  [
    "with the quotes and the gap of the entry before",
    `${HEAD}tokens:\n  -   "name": 'x'\n      "location": "x.json"\n`,
    `${HEAD}tokens:\n  -   "name": 'x'\n      "location": "x.json"\n  -   "name": 't'\n      "location": "auth.json"\n`,
  ],
  [
    "before the comments and blank lines that follow the list",
    `# top\n\ntokens: # list\n  # first\n  - name: x   # the x\n    location: x.json  # where\n\n  # tail\n\n# about contexts\n${HEAD}# end\n`,
    `# top\n\ntokens: # list\n  # first\n  - name: x   # the x\n    location: x.json  # where\n  - name: t\n    location: auth.json\n\n  # tail\n\n# about contexts\n${HEAD}# end\n`,
  ],
  [
    "at the end of a file without a final line break, which stays without one",
    `${HEAD}tokens:\n- name: x\n  location: x.json`,
    `${HEAD}tokens:\n- name: x\n  location: x.json\n- name: t\n  location: auth.json`,
  ],
  [
    "with the line breaks of Windows",
    `${HEAD}tokens:\n  - name: x\n    location: x.json\n`.replaceAll("\n", "\r\n"),
    `${HEAD}tokens:\n  - name: x\n    location: x.json\n  - name: t\n    location: auth.json\n`.replaceAll(
      "\n",
      "\r\n",
    ),
  ],
  [
    "after a byte-order mark",
    `\ufefftokens:\n  - name: x\n    location: x.json\n${HEAD}`,
    `\ufefftokens:\n  - name: x\n    location: x.json\n  - name: t\n    location: auth.json\n${HEAD}`,
  ],
  [
    "as a flow map where the entries are flow maps",
    `${HEAD}tokens:\n  - { name: x, location: x.json } # x\n`,
    `${HEAD}tokens:\n  - { name: x, location: x.json } # x\n  - { name: t, location: auth.json }\n`,
  ],
  [
    "in a list in brackets",
    `${HEAD}tokens: [{name: x, location: x.json}] # x\n`,
    `${HEAD}tokens: [{name: x, location: x.json}, {name: t, location: auth.json}] # x\n`,
  ],
  [
    "in a list in brackets over lines, with a comma at its end",
    `${HEAD}tokens: [\n    {location: x.json, name: x},\n    {location: y.json, name: y}, # y\n  ]\n`,
    `${HEAD}tokens: [\n    {location: x.json, name: x},\n    {location: y.json, name: y},\n    {location: auth.json, name: t}, # y\n  ]\n`,
  ],
  [
    "in an empty list",
    `tokens: [] # none\n${HEAD}`,
    `tokens: [{name: t, location: auth.json}] # none\n${HEAD}`,
  ],
  [
    "in place of the empty map of early 2021",
    `${HEAD}tokens: {}\nx: 1\n`,
    `${HEAD}tokens: [{name: t, location: auth.json}]\nx: 1\n`,
  ],
  ["in place of null", `${HEAD}tokens: null # n\n`, `${HEAD}tokens: [{name: t, location: auth.json}] # n\n`],
  [
    "under a key without a value",
    `tokens: # none yet\n${HEAD}`,
    `tokens: # none yet\n  - name: t\n    location: auth.json\n${HEAD}`,
  ],
  [
    "under a key without a value, at the end",
    `${HEAD}tokens:`,
    `${HEAD}tokens:\n  - name: t\n    location: auth.json`,
  ],
  [
    "under a key of its own when there is none",
    `${HEAD}# end\n`,
    `${HEAD}tokens:\n  - name: t\n    location: auth.json\n# end\n`,
  ],
  [
    "under a key of its own, in a file that is indented as a whole",
    `  contexts: {a: {token: t}}\n  current-context: a`,
    `  contexts: {a: {token: t}}\n  current-context: a\n  tokens:\n    - name: t\n      location: auth.json`,
  ],
  [
    "before the end of the document and what is after it",
    `---\n${HEAD}...\n---\nother: 1\n`,
    `---\n${HEAD}tokens:\n  - name: t\n    location: auth.json\n...\n---\nother: 1\n`,
  ],
  [
    "after a last value that is a block of text",
    `${HEAD}tokens:\n  - name: x\n    location: >-\n      x.json\nz: 1\n`,
    `${HEAD}tokens:\n  - name: x\n    location: >-\n      x.json\n  - name: t\n    location: auth.json\nz: 1\n`,
  ],
  [
    "in JSON on one line",
    '{"contexts":{"a":{"token":"t"}},"current-context":"a","tokens":[{"name":"x","location":"x.json"}]}',
    '{"contexts":{"a":{"token":"t"}},"current-context":"a","tokens":[{"name":"x","location":"x.json"}, {"name": "t", "location": "auth.json"}]}',
  ],
  [
    "in JSON over lines",
    '{\n\t"contexts": {"a": {"token": "t"}},\n\t"tokens": [\n\t\t{"location": "x.json", "name": "x"}\n\t],\n\t"current-context": "a"\n}\n',
    '{\n\t"contexts": {"a": {"token": "t"}},\n\t"tokens": [\n\t\t{"location": "x.json", "name": "x"},\n\t\t{"location": "auth.json", "name": "t"}\n\t],\n\t"current-context": "a"\n}\n',
  ],
  [
    "in JSON without tokens",
    '{\n  "contexts": {"a": {"token": "t"}},\n  "current-context": "a"\n}',
    '{\n  "contexts": {"a": {"token": "t"}},\n  "current-context": "a",\n  "tokens": [{"name": "t", "location": "auth.json"}]\n}',
  ],
  [
    "in JSON with no tokens in the list",
    '{"contexts":{"a":{"token":"t"}},"tokens":[],"current-context":"a"}',
    '{"contexts":{"a":{"token":"t"}},"tokens":[{"name": "t", "location": "auth.json"}],"current-context":"a"}',
  ],
  [
    "for a context that names no token",
    "contexts: {a: {}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n",
    'contexts: {a: {}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n  - name: ""\n    location: auth.json\n',
  ],
  [
    "with a name that has to be quoted",
    "contexts: {a: {token: 'yes: #1'}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n",
    "contexts: {a: {token: 'yes: #1'}}\ncurrent-context: a\ntokens:\n  - name: x\n    location: x.json\n  - name: \"yes: #1\"\n    location: auth.json\n",
  ],
  [
    "after an entry that is no map",
    `${HEAD}tokens:\n  - 7\n`,
    `${HEAD}tokens:\n  - 7\n  - name: t\n    location: auth.json\n`,
  ],
];
