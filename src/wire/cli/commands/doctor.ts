import type { Command } from '../command.ts';
import type { Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { counted, printable } from '../text.ts';

export const doctor: Command = {
  words: 'doctor',
  summary: 'Check this installation and say what to do about what is wrong.',
  about:
    'It changes nothing. Run it as the account that runs the server and with the same environment; with the server running it also checks what clients reach. The exit code is 1 when a check failed; warnings leave it at 0.',
  example: 'countersign doctor --json',
  async run(_given, desk) {
    const checks = await examine(desk.needs.doctor, desk.withApp);
    const count = (level: Check['level']): number => checks.filter((check) => check.level === level).length;
    const failed = count('fail');
    return {
      document: { ok: failed === 0, checks },
      text: `${checks.map(told).join('\n')}\n\n${failed} failed, ${counted(count('warn'), 'warning')}, ${count('ok')} fine.`,
      code: failed === 0 ? 0 : 1,
    };
  },
};

function told({ level, title, found, advice }: Check): string {
  const line = `${level.padEnd(4)}  ${title.padEnd(16)}  ${printable(found)}`;
  return advice === undefined ? line : `${line}\n${' '.repeat(24)}${printable(advice)}`;
}
