/** Whether only the machine itself reaches a host of this name or address. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|\[?::1\]?|(?:::ffff:)?127(?:\.\d+){3})$/iu.test(host);
}
