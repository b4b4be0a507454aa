import type { Translated } from '../language.ts';
import type { english } from './sign-in.en.ts';

const german: Translated<typeof english> = {
  title: 'Anmelden bei {site}',
  firstTime:
    'Bei diesem Server hat sich noch niemand angemeldet. Name und Passwort des ersten Administrators stehen im Terminal oder im Log, wo er gestartet wurde.',
  user: 'Benutzername oder E-Mail',
  password: 'Passwort',
  submit: 'Anmelden',
  or: 'oder',
  passkey: 'Mit einem Passkey anmelden',
  passkeyGivenUp: 'Es wurde kein Passkey benutzt. Versuchen Sie es noch einmal, oder melden Sie sich anders an.',
  with: 'Anmelden mit {service}',
  forgot: 'Passwort vergessen?',
  register: 'Konto anlegen',
  noAccount: 'Noch kein Konto?',
  joinTitle: 'Sie haben hier schon ein Konto',
  joinText:
    'Ein Konto hier hat die E-Mail-Adresse, die {service} genannt hat. Melden Sie sich einmal mit seinem Passwort an: Dann wird {service} damit verbunden und meldet Sie künftig an.',
  joinSubmit: 'Anmelden und verbinden',
  joinFailedTitle: 'Sie sind angemeldet, aber {service} ist nicht verbunden',
  joinFailedText:
    'Es hat zu lange gedauert, das Konto hat eine andere E-Mail-Adresse, als {service} angab, oder {service} gehört zu einem anderen Konto. Beginnen Sie noch einmal mit {service}, oder verbinden Sie es in Ihrem Konto unter „Verbundene Identitäten“.',
  theService: 'der Dienst',
  goOn: 'Weiter',
  unverifiedTitle: 'Ihre E-Mail-Adresse ist noch nicht bestätigt',
  unverifiedText:
    'Folgen Sie dem Link in der Mail an Sie und melden Sie sich dann noch einmal an. Sehen Sie auch im Spam-Ordner nach.',
  unverifiedAddress: 'Ihre E-Mail-Adresse',
  unverifiedSend: 'Link noch einmal senden',
  unverifiedAgain: { one: 'Noch einmal senden in einer Sekunde', other: 'Noch einmal senden in {count} Sekunden' },
  unverifiedSent: 'Wenn ein Konto mit dieser Adresse auf Bestätigung wartet, ist eine Mail unterwegs.',
  linkTitle: 'Ein Link, der Sie anmeldet',
  linkText:
    'Drücken Sie den Knopf, um sich mit diesem Link bei {site} anzumelden. Er gilt einmal. Tun Sie es nur, wenn Sie den Link selbst angefordert haben.',
  linkNone: 'In der Adresse dieser Seite steht kein Code. Öffnen Sie den Link genau so, wie Sie ihn bekommen haben.',
  linkOver:
    'Dieser Link wurde schon benutzt, oder seine Zeit ist um. Fordern Sie einen neuen an, oder melden Sie sich anders an.',
  toSignIn: 'Zur Anmeldung',
  factorTitle: 'Noch ein Schritt',
  factorOver: 'Diese Anmeldung hat zu lange gedauert, oder zu viele Codes waren falsch. Beginnen Sie noch einmal.',
  again: 'Noch einmal beginnen',
};

export default german;
