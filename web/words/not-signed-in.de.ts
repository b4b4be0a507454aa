import type { Translated } from '../language.ts';
import type { english } from './not-signed-in.en.ts';

const german: Translated<typeof english> = {
  title: 'Sie sind nicht angemeldet',
  wrong: 'Name oder Passwort stimmt nicht. Prüfen Sie beides und versuchen Sie es noch einmal.',
  blocked: 'Zu viele Anmeldungen sind fehlgeschlagen. Warten Sie, bevor Sie es noch einmal versuchen.',
  blockedLeft: 'Sie können es in {time} noch einmal versuchen.',
  blockedOver: 'Sie können es jetzt noch einmal versuchen.',
  closed:
    'Ihr Konto ist abgeschaltet oder wartet auf die Freigabe durch die Administration. Fragen Sie Ihre Administration.',
  appAccount: 'Dieses Konto gehört zu einer App, niemand meldet sich damit an. Benutzen Sie ein eigenes Konto.',
  noRoles: 'Ihr Konto hat hier keine Rolle. Bitten Sie Ihre Administration um eine.',
  factorGivenUp:
    'Zur Anmeldung wird Ihr zweiter Faktor gebraucht. Versuchen Sie es noch einmal und geben Sie einen Code ein.',
  factorSpent: 'Zu viele Codes waren falsch. Warten Sie ein paar Minuten und melden Sie sich mit einem neuen an.',
  temporaryOver:
    'Ihr Passwort musste innerhalb einer Zeit geändert werden, die vorbei ist. Bitten Sie Ihre Administration um ein neues.',
  passkeyRefused:
    'Der Passkey wurde nicht angenommen. Melden Sie sich mit Ihrem Passwort an; in Ihrem Konto können Sie erlauben, dass ein Passkey allein genügt.',
  usernameTaken: 'Jemand anderes hat hier Ihren Benutzernamen. Fragen Sie Ihre Administration.',
  addressTaken: 'Ein anderes Konto hat hier Ihre E-Mail-Adresse. Fragen Sie Ihre Administration.',
  noNewAccounts: 'Wer hier kein Konto hat, bekommt auf diesem Weg keines. Fragen Sie Ihre Administration.',
  domain:
    'Mit Adressen wie Ihrer kann man sich hier nicht anmelden. Benutzen Sie ein anderes Konto, oder fragen Sie Ihre Administration.',
  serviceTrouble: 'Der Dienst, der Sie kennt, hat nicht richtig geantwortet. Versuchen Sie es später noch einmal.',
  serviceOff: 'Mit diesem Dienst kann sich niemand mehr anmelden. Wählen Sie einen anderen Weg.',
  serviceRefused:
    'Der Dienst hat Sie nicht eingelassen, oder seine Angaben wurden nicht angenommen. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.',
  notBegun:
    'Diese Anmeldung wurde nicht in diesem Browser begonnen, wurde schon benutzt oder hat zu lange gedauert. Beginnen Sie noch einmal.',
  tookTooLong: 'Diese Anmeldung hat zu lange gedauert. Beginnen Sie noch einmal.',
  incomplete: 'Die Adresse war nicht vollständig. Beginnen Sie noch einmal.',
  busy: 'Der Server hat mehr zu tun, als er schafft. Versuchen Sie es gleich noch einmal.',
  other: 'Sie konnten nicht angemeldet werden. Versuchen Sie es noch einmal, oder wählen Sie einen anderen Weg.',
};

export default german;
