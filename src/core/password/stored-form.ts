/** A stored hash that costs more is not checked: one row must not be able to hold a core for hours (attacks S13). */
const dearest = { bcryptRounds: 14, memoryKiB: 262_144, passes: 10, lanes: 8 };

/** The rounds of a bcrypt hash; undefined for whatever else. */
export function bcryptRoundsOf(stored: string): number | undefined {
  const rounds = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/u.exec(stored)?.[1];
  return rounds === undefined ? undefined : Number(rounds);
}

/** What an argon2id hash costs; undefined for whatever else. */
export function argonCostOf(stored: string): { memoryKiB: number; passes: number; lanes: number } | undefined {
  const [, memoryKiB, passes, lanes] =
    /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,5}),p=(\d{1,4})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{22,256}$/u.exec(
      stored,
    ) ?? [];
  if (memoryKiB === undefined || passes === undefined || lanes === undefined) return undefined;
  return { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) };
}

/** Whether a stored hash is one that can be checked at a bearable cost; nothing is computed. */
export function judgeStored(stored: string): 'fits' | 'too-dear' | 'unknown' {
  const rounds = bcryptRoundsOf(stored);
  // Fewer than four rounds, bcrypt itself does not know.
  if (rounds !== undefined) return rounds < 4 ? 'unknown' : rounds > dearest.bcryptRounds ? 'too-dear' : 'fits';
  const cost = argonCostOf(stored);
  if (cost === undefined || cost.memoryKiB === 0 || cost.passes === 0 || cost.lanes === 0) return 'unknown';
  const tooDear = cost.memoryKiB > dearest.memoryKiB || cost.passes > dearest.passes || cost.lanes > dearest.lanes;
  return tooDear ? 'too-dear' : 'fits';
}
