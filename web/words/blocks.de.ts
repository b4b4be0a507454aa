import type { Translated } from '../language.ts';
import type { english } from './blocks.en.ts';

const german: Translated<typeof english> = {
  blocked: 'Derzeit gesperrt',
  blockedAbout:
    'Nach zu vielen Fehlversuchen kommt dort eine Weile niemand hinein, auch nicht mit dem richtigen Passwort.',
  none: 'Niemand ist gesperrt.',
  who: 'Wer',
  account: 'Konto',
  device: 'Gerät',
  address: 'Adresse',
  name: 'Name ohne Konto',
  codes: 'Konto, nach falschen Codes in Folge',
  deviceOf: 'Gerät {device} von {who}',
  typedName: 'Eingegebener Name {name}',
  failures: 'Fehlversuche',
  last: 'Letzter Fehlversuch',
  left: 'Endet in',
  over: 'vorbei',
  endless: 'Bis zum Entsperren',
  act: 'Aktion',
  clear: 'Entsperren',
  clearOne: '{who} entsperren',
  clearTitle: 'Entsperren?',
  clearAbout: {
    one: 'Ein Fehlversuch von {who} wird vergessen. Wer rät, kann von vorn beginnen: vergewissern Sie sich, dass es der Inhaber war.',
    other:
      '{count} Fehlversuche von {who} werden vergessen. Wer rät, kann von vorn beginnen: vergewissern Sie sich, dass es der Inhaber war.',
  },
  clearCodesAbout: {
    one: 'Ein falscher Code von {who} wird vergessen, mit allen Fehlversuchen. Wer rät, kann von vorn beginnen: vergewissern Sie sich, dass es der Inhaber war.',
    other:
      '{count} falsche Codes von {who} werden vergessen, mit allen Fehlversuchen. Wer rät, kann von vorn beginnen: vergewissern Sie sich, dass es der Inhaber war.',
  },
  cleared: '{who} ist nicht mehr gesperrt.',
  limits: 'Grenzen',
  limitsAbout: 'Was als zu viel gilt. Jede Grenze führt zu ihrer Einstellung.',
  switchedOff: 'Niemand wird je gesperrt: das Zählen ist ausgeschaltet.',
  limitAccounts: 'Konten',
  limitAddresses: 'Adressen',
  limitIs: '{failures} innerhalb von {minutes}',
  limitFailures: { one: 'Ein Fehlversuch', other: '{count} Fehlversuche' },
  limitMinutes: { one: 'einer Minute', other: '{count} Minuten' },
  limitOff: 'Wird nicht gezählt',
  setOn: 'Schalter',
  setCount: 'Fehlversuche',
  setMinutes: 'Minuten',
  mailed: 'E-Mail an den Inhaber',
  mailedYes: 'Inhaber bekommen eine E-Mail, wenn ihr Konto gesperrt wird.',
  mailedNo: 'Inhaber werden nicht benachrichtigt.',
  setMailed: 'Ändern',
  exempt: 'Nie gesperrt',
  exemptNone: 'Keine Adresse ist ausgenommen.',
  exemptAbout: 'Ausgenommene Adressen und Netze: {count}',
  setExempt: 'Liste ändern',
};

export default german;
