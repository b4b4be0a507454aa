import type { Translated } from '../language.ts';
import type { english } from './mail.en.ts';

const german: Translated<typeof english> = {
  noServer: 'Es ist kein Mailserver eingestellt',
  noServerAbout:
    'E-Mails bleiben hier liegen und erreichen niemanden. Tragen Sie Ihren Mailserver in den Einstellungen ein oder starten Sie den Server mit MAIL_URL; senden Sie dann erneut, was liegen blieb.',
  setServer: 'Mailserver einstellen',
  outbox: 'Postausgang',
  outboxAbout: 'Was gesendet wurde, ohne die Texte: die Links darin melden Personen an.',
  none: 'Es wurde noch keine E-Mail geschrieben.',
  noneSuch: 'Keine solche E-Mail.',
  listed: 'Anzeigen',
  all: 'Alle',
  waiting: 'Wartet',
  failed: 'Fehlgeschlagen',
  kept: 'Liegt hier',
  sent: 'Gesendet',
  keptAbout: 'Sie bleibt hier und wird nicht gesendet.',
  to: 'An',
  state: 'Zustand',
  tries: 'Versuche',
  at: 'Geschrieben',
  nextTry: 'Nächster Versuch',
  act: 'Aktion',
  retry: 'Erneut senden',
  retryOne: 'Erneut senden an {to}',
  retried: 'Die E-Mail wartet auf den Versand.',
  removeOne: 'E-Mail an {to} entfernen',
  removeTitle: 'Diese E-Mail entfernen?',
  removeIt: 'E-Mail entfernen',
  removeAbout: '„{subject}“ an {to} wird vergessen und nicht gesendet. Wer sie braucht, muss eine neue anfordern.',
  removeSent: '„{subject}“ an {to} wurde gesendet. Nur ihre Zeile hier wird entfernt.',
  removed: 'Die E-Mail ist entfernt.',
  test: 'Testmail',
  testAbout: 'Sendet sofort eine kurze E-Mail und zeigt, was der Mailserver dazu sagt.',
  testTo: 'Adresse',
  testSend: 'Testmail senden',
  testSent: 'Der Mailserver hat die E-Mail an {to} angenommen. Prüfen Sie, ob sie ankommt, auch im Spam.',
  testRefused: 'Die E-Mail wurde nicht angenommen: {reason}',
  noAddress: 'Das ist keine E-Mail-Adresse. Sie sieht aus wie ada@example.com.',
};

export default german;
