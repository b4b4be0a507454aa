/** A stored hash that costs more is not checked: one row must not be able to hold a core for hours (attacks S13). */
const dearest = { bcryptRounds: 14, memoryKiB: 262_144, passes: 10, lanes: 8 };

/** The rounds of a bcrypt hash; undefined for whatever else. */
export function bcryptRoundsOf(stored: string): number | undefined {
  const rounds = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/u.exec(stored)?.[1];
  return rounds === undefined ? undefined : Number(rounds);
}

/** What an argon2id hash costs; undefined for whatever else. */
export function argonCostOf(stored: string): { memoryKiB: number; passes: number; lanes: number } | undefined {
  const [, memoryKiB, passes, lanes, salt = '', hash = ''] =
    /^\$argon2id\$v=19\$m=([1-9]\d{0,8}),t=([1-9]\d{0,4}),p=([1-9]\d{0,3})\$([A-Za-z0-9+/]{11,128})\$([A-Za-z0-9+/]{22,256})$/u.exec(
      stored,
    ) ?? [];
  if (memoryKiB === undefined || passes === undefined || lanes === undefined) return undefined;
  if (!isCanonical(salt) || !isCanonical(hash)) return undefined;
  return { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) };
}

/** Whether it is base64 as an encoder writes it: libraries refuse a last letter with bits that nothing encodes. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64').replace(/=+$/u, '') === text;
}

/** Whether a stored hash is one that can be checked at a bearable cost; nothing is computed. */
export function judgeStored(stored: string): 'fits' | 'too-dear' | 'unknown' {
  const rounds = bcryptRoundsOf(stored);
  // Fewer than four rounds, bcrypt itself does not know.
  if (rounds !== undefined) return rounds < 4 ? 'unknown' : rounds > dearest.bcryptRounds ? 'too-dear' : 'fits';
  const cost = argonCostOf(stored);
  // Less memory for each lane, argon2 itself does not know (RFC 9106 §3.1).
  if (cost === undefined || cost.memoryKiB < 8 * cost.lanes) return 'unknown';
  const tooDear = cost.memoryKiB > dearest.memoryKiB || cost.passes > dearest.passes || cost.lanes > dearest.lanes;
  return tooDear ? 'too-dear' : 'fits';
}
