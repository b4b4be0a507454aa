import type { Translated } from '../language.ts';
import type { english } from './duties.en.ts';

const german: Translated<typeof english> = {
  passwordTitle: 'Neues Passwort wählen',
  passwordText: 'Ihr Passwort muss geändert werden, bevor es weitergeht.',
  passwordReason: 'Der Grund: {reason}',
  passwordSave: 'Speichern und weiter',
  usernameTitle: 'Benutzernamen wählen',
  usernameText:
    'Sie kommen von einem anderen Dienst und haben hier noch keinen Benutzernamen. Auch mit ihm können Sie sich anmelden, und andere finden Sie damit.',
  factorTitle: 'Zweiten Faktor einrichten',
  factorText:
    'Ihr Konto braucht einen zweiten Faktor, bevor es weitergeht: Dann lässt Ihr Passwort allein niemanden ein. Wählen Sie einen; weitere können Sie später hinzufügen.',
  app: 'Authenticator-App',
  appText: 'Eine App auf Ihrem Telefon zeigt einen Code, den Sie eingeben.',
  passkey: 'Passkey',
  passkeyText: 'Ihr Gerät fragt nach Finger, Gesicht oder PIN.',
  email: 'Codes per E-Mail',
  emailText: 'Ein Code wird an {address} gesendet.',
  none: 'Nichts davon? Fragen Sie Ihre Administration.',
};

export default german;
