import type { Translated } from '../language.ts';
import type { english } from './sessions.en.ts';

const german: Translated<typeof english> = {
  about:
    'Alle Browser, Apps und Programme, in denen Sie angemeldet sind. Beenden Sie, was Sie nicht kennen oder nicht mehr brauchen.',
  list: 'Ihre Sitzungen',
  door: 'Angemeldet über',
  factor: 'Zweiter Faktor: {factor}',
  address: 'Adresse',
  since: 'Angemeldet',
  seen: 'Zuletzt gesehen',
  act: 'Aktion',
  current: 'Diese Sitzung',
  now: 'jetzt',
  endOne: 'Abmelden',
  endOneLabel: '{device} abmelden',
  endOneTitle: 'Dieses Gerät abmelden?',
  endOneText: '{device} wird sofort abgemeldet, und was dort offen ist, schließt sich.',
  ended: 'Abgemeldet.',
  endOthers: 'Alle anderen abmelden',
  endOthersTitle: 'Alle anderen Sitzungen abmelden?',
  endOthersText:
    'Alle Browser, Apps und Programme außer diesem werden sofort abgemeldet. Persönliche Zugriffstoken bleiben.',
  endAll: 'Überall abmelden',
  endAllTitle: 'Überall abmelden?',
  endAllText: 'Alle Sitzungen enden sofort, auch diese, und Sie melden sich neu an. Persönliche Zugriffstoken bleiben.',
  notMine: 'Ist eine davon nicht Ihre?',
  notMineText: 'Melden Sie sie ab, wählen Sie dann ein neues Passwort und sehen Sie sich Ihre zweiten Faktoren an.',
};

export default german;
