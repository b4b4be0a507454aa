import type { LoggedIn } from '../../core/session/log-in.ts';

/** The result of a log-in before EJSON encoding; an invalid date travels as `{"$date":null}` (realtime.md §10.6). */
export function logInResult({ account, text, token, kind }: LoggedIn): {
  readonly id: string;
  readonly token: string;
  readonly tokenExpires: Date;
  readonly type: string;
} {
  return { id: account.id, token: text, tokenExpires: new Date(token.endsAt ?? Number.NaN), type: kind };
}
