import type { Translated } from '../language.ts';
import type { english } from './setup.en.ts';

const german: Translated<typeof english> = {
  welcome:
    'Willkommen. Vier Schritte, und dieser Server ist bereit; jeder lässt sich überspringen, und alles findet sich in der Verwaltung wieder.',
  steps: 'Schritte',
  step: 'Schritt {number} von {total}: {title}',
  administrator: 'Administrator',
  administratorText:
    'Das erste Passwort stand im Terminal, wo andere es lesen können. Wählen Sie ein eigenes und sagen Sie, wohin Mails an Sie gehen.',
  address: 'Adresse und Name',
  addressText: 'Links in Mails und Rückrufadressen beginnen mit der Adresse des Servers.',
  siteUrl: 'Adresse dieses Servers',
  siteName: 'Name der Seite',
  siteNameHint: 'Er steht auf jeder Seite, in Mails und in Authenticator-Apps.',
  siteUrlHint: 'Die Adresse, unter der man ihn erreicht, durch alle Proxys hindurch.',
  sameAddress: 'Das ist die Adresse, die Ihr Browser zeigt.',
  otherAddress: 'Ihr Browser zeigt {here}. Kommt man über diese, nehmen Sie sie.',
  takeAddress: 'Adresse des Browsers nehmen',
  plainHttp:
    'Über einfaches http liest jeder unterwegs Passwörter mit. Stellen Sie einen Proxy mit Zertifikat davor, bevor man ihn benutzt.',
  mail: 'Mail',
  mailText:
    'Codes, Links für neue Passwörter und Warnungen gehen per Mail. Ohne Mailserver bleiben sie im Postausgang.',
  mailTest: 'Testmail senden',
  mailTo: 'An',
  mailSent: 'Der Mailserver hat eine Mail an {to} angenommen. Sehen Sie nach, ob sie ankommt.',
  mailNoAddress: 'Geben Sie an, wohin die Testmail geht.',
  client: 'Ein erster Client',
  clientText:
    'Führen Sie das dort aus, wo Ihr Programm laufen wird: Es zeigt, dass es diesen Server erreicht. Das Passwort wird abgefragt, damit es in keinem Verlauf steht.',
  curlTitle: 'Mit curl',
  curlLogin: 'Anmelden',
  curlMeHint: 'Setzen Sie userId und authToken aus jener Antwort an die Stelle der Großbuchstaben.',
  saveNext: 'Speichern und weiter',
  curlMe: 'Fragen, wer angemeldet ist',
  sdkTitle: 'Mit JavaScript',
  sdkCode: 'Zeilen für ein Programm',
  seenNot: 'Noch wurde keine Anmeldung eines Clients gesehen. Diese Seite sieht alle paar Sekunden nach.',
  seen: 'Ein Client hat sich angemeldet: {device}, {when}.',
  back: 'Zurück',
  skip: 'Schritt überspringen',
  next: 'Nächster Schritt',
  finish: 'Fertig stellen',
  later: 'Später weitermachen',
  doneTitle: 'Die ersten Schritte sind getan',
  doneText: 'Niemand wird mehr hierher geführt. Alles steht von nun an in der Verwaltung.',
  toAdministration: 'Zur Verwaltung',
  isDone: 'Erledigt',
};

export default german;
