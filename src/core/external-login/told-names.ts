/** What of a name may stand in a username: letters, digits, `-`, `_` and `.` (providers.md §4.3). */
export function slugOf(username: string): string {
  return username
    .trim()
    .replace(/[^0-9a-zA-Z\-_.]/gu, '')
    .slice(0, 128);
}

/** Without what no name may hold. */
export function cleanName(name: string): string {
  return name
    .replace(/[<>/\\%\p{Cc}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, 256);
}
