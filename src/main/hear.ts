import type { Logger } from 'pino';
import type { App } from '../app.ts';
import type { Claim } from '../core/account/account.ts';
import type { Caller } from '../core/ports.ts';
import type { Metrics } from '../lib/metrics.ts';
import type { Hooks } from './product.ts';

/** Writes sign-ins and refusals to the log and counts them; neither ever holds what was typed as a password. */
export function heard(log: Logger, metrics: Metrics, app: () => App | undefined): Pick<Hooks, 'onFailure' | 'onLogIn'> {
  const logIns = metrics.counter('countersign_log_ins_total', 'Sign-ins by door and outcome.');
  return {
    onLogIn: ({ kind, caller, accountId, tokenId }) => {
      logIns.add({ door: caller.door, outcome: 'done', kind });
      const { door, address, requestId } = caller;
      log.info({ event: 'log-in', kind, door, address, requestId, accountId, tokenId }, 'signed in');
    },
    onFailure: ({ what, caller, claim, code, guess }) => {
      if (what === 'log-in') logIns.add({ door: caller.door, outcome: code });
      const { door, address, requestId } = caller;
      const facts = { event: `${what}.refused`, code, door, address, requestId };
      // docs/guides/fail2ban.md promises this line: its members, their order and its sentence.
      if (guess) log.warn(facts, 'failed sign-in');
      else log.info(facts, 'refused');
      const settings = app()?.settings;
      if (settings?.get('Login_Logs_Enabled') === true) log.info(failedLogInLine(settings, caller, claim));
    },
  };
}

/** The line that Rocket.Chat writes for a failed log-in (rest.md §19.2); each part has its own switch. */
function failedLogInLine(settings: App['settings'], caller: Caller, claim: Claim | undefined): string {
  const name = settings.get('Login_Logs_Username') ? bare(claim?.value.slice(0, 128) ?? 'unknown') : 'unknown';
  const address = settings.get('Login_Logs_ClientIp') ? caller.address : '-';
  const userAgent = settings.get('Login_Logs_UserAgent') ? bare(caller.userAgent) : '-';
  return `Failed login detected - Username[${name}] ClientAddress[${address}] ForwardedFor[-] XRealIp[-] UserAgent[${userAgent}]`;
}

/** What a stranger wrote, without what could end its brackets and pass for another part of the line. */
function bare(text: string): string {
  return text.replace(/[[\]\p{C}\p{Zl}\p{Zp}]/gu, '_');
}
