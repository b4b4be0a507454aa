import type { Translated } from '../language.ts';
import type { english } from './activity.en.ts';

const german: Translated<typeof english> = {
  title: 'Anmeldungen und Versuche',
  about: 'Die letzten 50 Anmeldungen an Ihrem Konto und die abgelehnten Versuche.',
  when: 'Wann',
  outcome: 'Ergebnis',
  how: 'Wie',
  address: 'Adresse',
  done: 'Angemeldet',
  confirmed: 'Bestätigt',
  refused: 'Abgelehnt',
  byPassword: 'Mit dem Passwort',
  byPasskey: 'Mit einem Passkey',
  byProvider: 'Über {name}',
  confirmation: 'Zweiter Faktor für eine Änderung',
  withFactor: 'Zweiter Faktor: {factor}',
  wrongCredentials: 'Das Passwort war falsch.',
  factorWrong: 'Der zweite Faktor war falsch.',
  blocked: 'Zu viele Versuche waren gescheitert: Anmelden war für eine Weile gesperrt.',
  closed: 'Das Konto ist abgeschaltet.',
  factorMissing: 'Es wurde kein zweiter Faktor angegeben.',
  providerRefused: 'Der Anbieter hat Sie nicht hereingelassen.',
  passkeyRefused: 'Der Passkey wurde nicht angenommen.',
  otherReason: 'Der Server hat abgelehnt: {code}.',
  notMe: 'Waren Sie das einmal nicht?',
  notMeText:
    'Wählen Sie ein neues Passwort, melden Sie unbekannte Sitzungen ab und richten Sie einen zweiten Faktor ein.',
  emptyTitle: 'Es sind keine Anmeldungen verzeichnet.',
  emptyText: 'Der Server bewahrt sie nur eine Zeit lang auf.',
};

export default german;
