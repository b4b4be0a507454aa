/** Whether only the machine itself reaches a host of this name or address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d+){3}$/u.test(host);
}
