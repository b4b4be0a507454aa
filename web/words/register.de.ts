import type { Translated } from '../language.ts';
import type { english } from './register.en.ts';

const german: Translated<typeof english> = {
  title: 'Konto bei {site} anlegen',
  name: 'Name',
  nameHint: 'Sie können ihn leer lassen.',
  nameInvalid: 'Geben Sie einen Namen ohne < > / und \\ ein.',
  email: 'E-Mail',
  emailHint: 'Dorthin wird ein Link geschickt, der sie bestätigt.',
  emailInvalid: 'Das ist keine E-Mail-Adresse. Geben Sie eine wie name@example.com ein.',
  emailTaken: 'Diese Adresse hat schon jemand. Melden Sie sich an, oder geben Sie eine andere ein.',
  emailDomain: 'Adressen dieser Domain werden hier nicht angenommen. Geben Sie eine andere ein.',
  username: 'Benutzername',
  usernameHint: 'Damit melden Sie sich an, und andere finden Sie darunter.',
  usernameMade: 'Aus Ihren Eingaben gebildet. Ändern Sie ihn, wenn Sie möchten.',
  usernameFree: 'Dieser Benutzername ist frei.',
  usernameTaken:
    'Dieser Benutzername ist vergeben oder nicht möglich. Wählen Sie einen anderen: Buchstaben, Ziffern, „.“, „-“ und „_“.',
  usernameUse: '{name} nehmen',
  password: 'Passwort',
  reason: 'Warum Sie ein Konto möchten',
  reasonHint: 'Die Administration liest es und entscheidet.',
  submit: 'Konto anlegen',
  haveAccount: 'Sie haben schon ein Konto?',
  toSignIn: 'Anmelden',
  closedTitle: 'Hier legt niemand selbst ein Konto an',
  closedText: 'Bitten Sie Ihre Administration um eines.',
  secretTitle: 'Unter dieser Adresse kann man sich nicht registrieren',
  secretText:
    'Konten werden unter einer Adresse angelegt, die die Administration nennt. Öffnen Sie sie genau so, wie Sie sie bekommen haben.',
  verifyTitle: 'Bestätigen Sie Ihre Adresse',
  verifyText:
    'Eine E-Mail an {email} ist unterwegs. Öffnen Sie den Link darin, und melden Sie sich dann an. Sehen Sie auch unter unerwünschten E-Mails nach.',
  approvalTitle: 'Ihr Konto wartet auf Freigabe',
  approvalText: 'Die Administration entscheidet darüber. Sie erfahren es durch eine E-Mail an {email}.',
  approvalVerify:
    'Öffnen Sie in der Zwischenzeit den Link in der E-Mail, die gerade dorthin ging: Er bestätigt die Adresse.',
  madeTitle: 'Ihr Konto ist angelegt',
  madeText: 'Melden Sie sich mit Benutzername und Passwort an.',
  mailAgain: 'Link noch einmal schicken',
  mailAgainIn: { one: 'In einer Sekunde noch einmal schicken', other: 'In {count} Sekunden noch einmal schicken' },
  mailed: 'Wenn die Adresse auf Bestätigung wartet, ist eine weitere E-Mail unterwegs.',
};

export default german;
