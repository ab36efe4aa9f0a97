/** Text that tries to run as script, to retitle a terminal, to break a line and to reverse what follows. */
export const HOSTILE_TEXT: string =
  "<script>alert(1)</script>\u001b]0;owned\u0007\r\nSet-Cookie: a=b\u202etxt.exe";
