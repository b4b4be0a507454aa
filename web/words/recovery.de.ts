import type { Translated } from '../language.ts';
import type { english } from './recovery.en.ts';

const german: Translated<typeof english> = {
  email: 'E-Mail',
  emailInvalid: 'Das ist keine E-Mail-Adresse. Geben Sie eine wie name@example.com ein.',
  sendAgain: 'Noch einmal schicken',
  sendAgainIn: { one: 'In einer Sekunde noch einmal schicken', other: 'In {count} Sekunden noch einmal schicken' },
  toSignIn: 'Zur Anmeldung',
  forgotTitle: 'Passwort vergessen?',
  forgotText:
    'Geben Sie die E-Mail-Adresse Ihres Kontos ein. Sie bekommen eine E-Mail mit einem Link, über den Sie ein neues Passwort setzen.',
  forgotSend: 'Link schicken',
  forgotSent:
    'Wenn {email} zu einem Konto hier gehört, ist eine E-Mail unterwegs. Sehen Sie auch unter unerwünschten E-Mails nach.',
  offTitle: 'Passwörter werden hier nicht per E-Mail zurückgesetzt',
  offText: 'Bitten Sie Ihre Administration um ein neues.',
  resetTitle: 'Neues Passwort setzen',
  resetNote: 'Sie werden dadurch überall abgemeldet. Zweite Faktoren bleiben.',
  enrolTitle: 'Passwort setzen',
  ofName: 'Für {name} bei {site}.',
  ofYou: 'Für Ihr Konto bei {site}.',
  setTitle: 'Ihr Passwort ist gesetzt',
  setText: 'Sie können sich jetzt damit anmelden.',
  signInNow: 'Jetzt anmelden',
  deadTitle: 'Dieser Link gilt nicht mehr',
  deadText: 'Er wurde benutzt, ein neuerer hat ihn ersetzt, oder seine Zeit ist um.',
  deadForgot: 'Neuen Link anfordern',
  deadAsk: 'Bitten Sie Ihre Administration um einen neuen.',
  goneTitle: 'Öffnen Sie den Link in der E-Mail noch einmal',
  goneText:
    'Sein geheimer Teil bleibt nicht in der Adresse dieser Seite stehen, damit ihn niemand sonst sieht. Beim Neuladen geht er verloren; verbraucht ist nichts.',
  verifyTitle: 'Adresse bestätigen',
  verifyOfName:
    'Bestätigen Sie mit der Taste, dass die E-Mail von {site} bei Ihnen angekommen ist und das Konto {name} Ihres ist.',
  verifyOfYou:
    'Bestätigen Sie mit der Taste, dass die E-Mail von {site} bei Ihnen angekommen ist und das Konto Ihres ist.',
  verifyNotYours: 'Wenn Sie es nicht angelegt haben, schließen Sie diese Seite: Dann geschieht nichts.',
  verify: 'Bestätigen',
  verifiedTitle: 'Ihre Adresse ist bestätigt',
  verifiedText: 'Sie können sich anmelden, sofern die Administration das Konto nicht erst freigeben muss.',
  goOn: 'Weiter',
  newLinkText: 'Geben Sie die Adresse ein, die bestätigt werden soll, und Sie bekommen einen neuen.',
  newLinkSend: 'Neuen Link schicken',
  newLinkSent:
    'Wenn {email} auf Bestätigung wartet, ist eine E-Mail unterwegs. Sehen Sie auch unter unerwünschten E-Mails nach.',
};

export default german;
