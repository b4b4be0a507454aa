import type { PlainWords } from './en.ts';

export const german: PlainWords = {
  goOn: 'Weiter',
  signIn: 'Anmelden',
  signOut: 'Abmelden',
  verify: 'Bestätigen',
  allow: 'Erlauben',
  tryAgain: 'Dieses Formular wurde nicht von dieser Seite gesendet. Versuchen Sie es noch einmal.',
  nothingHappened: 'Dieses Formular wurde nicht von dieser Seite gesendet. Es ist nichts geschehen.',

  homeAbout:
    'Dies ist Countersign, ein Anmeldeserver. Programme melden hier Personen über die REST- und Echtzeit-Schnittstellen von Rocket.Chat an.',
  homeScript:
    'Ihr Konto und die Verwaltung brauchen einen Browser, der JavaScript ausführt. Anmelden und Abmelden, zweite Faktoren und die Links aus E-Mails gehen auch ohne.',
  homeInterface: 'Die REST-Schnittstelle',
  homeOpenApi: 'Dasselbe als OpenAPI-Dokument',
  homeVersion: 'Die Version der Schnittstelle',

  signInTitle: 'Anmelden: {site}',
  signInRefusedTitle: 'Nicht angemeldet: {site}',
  signInTo: 'Bei {site} anmelden',
  username: 'Benutzername oder E-Mail-Adresse',
  password: 'Passwort',
  otherWays: 'Andere Wege, sich anzumelden',
  signedIn: 'Sie sind angemeldet',
  wrongCredentials: 'Der Name oder das Passwort stimmt nicht.',
  accountClosed: 'Ihr Konto ist ausgeschaltet oder wartet auf die Freigabe durch die Verwaltung.',
  accountWithoutRoles: 'Ihr Konto hat hier keine Rolle. Fragen Sie Ihre Verwaltung.',
  emailUnverified:
    'Ihre E-Mail-Adresse ist noch nicht bestätigt. Folgen Sie dem Link in der E-Mail, die Sie bekommen haben.',
  temporaryPasswordOver:
    'Ihr Passwort musste innerhalb einer Frist geändert werden, die vorbei ist. Bitten Sie Ihre Verwaltung um ein neues.',
  busy: 'Der Server hat mehr zu tun, als er kann. Versuchen Sie es gleich noch einmal.',
  unavailable: 'Der Server kann gerade nichts nachsehen. Versuchen Sie es gleich noch einmal.',
  directoryUnreachable: 'Das Verzeichnis hat nicht richtig geantwortet. Versuchen Sie es später noch einmal.',
  tooMany: 'Zu viele Anmeldungen sind fehlgeschlagen. Versuchen Sie es in einer Weile noch einmal.',
  tooManyFor: 'Zu viele Anmeldungen sind fehlgeschlagen. Versuchen Sie es noch einmal; Wartezeit: {minutes}.',
  needsFactor:
    'Ihr Konto braucht einen zweiten Faktor. Melden Sie sich mit der Anwendung an, die Sie täglich benutzen, richten Sie dort einen ein, und kommen Sie wieder.',
  needsPassword:
    'Ihr Passwort muss zuerst geändert werden. Melden Sie sich mit der Anwendung an, die Sie täglich benutzen, wählen Sie dort ein neues Passwort, und kommen Sie wieder.',

  signedInAs: 'Sie sind als {name} angemeldet.',
  signOutTells:
    'Anwendungen, bei denen dieser Browser durch Ihr Konto hier angemeldet ist, erfahren, dass Sie sich abmelden.',
  signedOut: 'Sie sind abgemeldet',
  signInAgain: 'Wieder anmelden',

  factorTitle: 'Noch ein Schritt',
  factorTitleAgain: 'Noch nicht: Noch ein Schritt',
  factorByMail: 'Sie haben einen Code per E-Mail bekommen. Ein Ersatzcode geht auch.',
  factorByApp: 'Ihre Authenticator-App zeigt den Code. Ein Ersatzcode geht auch.',
  factorMailed: 'Ein neuer Code ist per E-Mail zu Ihnen unterwegs. Ein Ersatzcode geht auch.',
  code: 'Code',
  codeWrong: 'Der Code stimmt nicht.',
  codeNone: 'Das ist kein Code.',
  codeLater: 'Zu viele falsche Codes. Versuchen Sie es später noch einmal.',
  mailFresh: 'Einen neuen Code senden',
  useMail: 'Einen Code per E-Mail benutzen',
  useApp: 'Den Code der Authenticator-App benutzen',
  factorForClients:
    'Der Dienst hat Sie eingelassen, und Ihr Konto hier verlangt einen zweiten Faktor. Die Anwendung, die Sie hierher geschickt hat, macht von selbst weiter: Sie fragt Sie innerhalb von fünf Minuten nach einem Code. Sie können diese Seite schließen.',
  factorForPrograms: 'Ein Programm beendet die Anmeldung mit dem, was in der Adresse dieser Seite zuletzt steht:',

  resetTitle: 'Neues Passwort festlegen',
  resetNote: 'Sie werden dadurch überall abgemeldet. Zweite Faktoren bleiben.',
  enrolTitle: 'Passwort festlegen',
  notSetYet: 'Noch nicht festgelegt: {title}',
  forAccount: 'Für {name} bei {site}.',
  forYourAccount: 'Für Ihr Konto bei {site}.',
  newPassword: 'Neues Passwort',
  newPasswordAgain: 'Das neue Passwort noch einmal',
  notTheSame: 'Die beiden Passwörter sind nicht gleich.',
  passwordSet: 'Ihr Passwort ist festgelegt',
  passwordSetNote: 'Sie können sich jetzt damit anmelden und diese Seite schließen.',
  ruleLeast: 'mindestens {count} Zeichen',
  ruleMost: 'höchstens {count} Zeichen',
  ruleWith: 'mit {parts}',
  ruleRun: 'kein Zeichen öfter als {count}-mal hintereinander',
  ruleCommon: 'kein verbreitetes Passwort und keiner Ihrer Namen',
  partSmall: 'einem Kleinbuchstaben',
  partCapital: 'einem Großbuchstaben',
  partDigit: 'einer Ziffer',
  partSpecial: 'einem Sonderzeichen',
  tooShort: 'Es ist zu kurz.',
  tooLong: 'Es ist zu lang.',
  repeats: 'Es enthält ein Zeichen zu oft hintereinander.',
  noSmall: 'Es enthält keinen Kleinbuchstaben.',
  noCapital: 'Es enthält keinen Großbuchstaben.',
  noDigit: 'Es enthält keine Ziffer.',
  noSpecial: 'Es enthält kein Sonderzeichen.',
  common: 'Es ist ein verbreitetes Passwort: Andere haben es auch, und es wird zuerst erraten.',
  namesOneself: 'Es ist einer Ihrer Namen.',
  sameAsBefore: 'Es ist das Passwort, das Sie jetzt haben.',
  usedBefore: 'Sie hatten dieses Passwort schon einmal.',
  notAcceptable: 'Es wird hier nicht angenommen.',

  verifyTitle: 'E-Mail-Adresse bestätigen',
  verifyAccount:
    'Bestätigen Sie mit der Schaltfläche, dass die E-Mail von {site} Sie erreicht hat und dass das Konto {name} Ihres ist. Wenn Sie es nicht angelegt haben, schließen Sie diese Seite: Dann geschieht nichts.',
  verifySomeAccount:
    'Bestätigen Sie mit der Schaltfläche, dass die E-Mail von {site} Sie erreicht hat und dass ein Konto Ihres ist. Wenn Sie es nicht angelegt haben, schließen Sie diese Seite: Dann geschieht nichts.',
  verified: 'Ihre E-Mail-Adresse ist bestätigt',
  canClose: 'Sie können diese Seite schließen.',
  deadTitle: 'Dieser Link gilt nicht mehr',
  deadText:
    'Er wurde benutzt, ein neuerer hat ihn ersetzt, oder seine Zeit ist um. Einen neuen können Sie dort anfordern, wo Sie sich anmelden; ist das ausgeschaltet, fragen Sie Ihre Verwaltung.',

  linkTitle: 'Ein Link, der einmal anmeldet',
  linkText:
    'Wenn die Adresse dieser Seite auf {part} endet, meldet Sie das, was dort steht, ein einziges Mal an, innerhalb von Minuten. Durch das Öffnen der Seite wurde nichts verbraucht. Geben Sie den Code Ihrer Anwendung, oder lösen Sie ihn selbst ein:',
  linkAnswer: 'Die Antwort enthält {id} und {token}; jede Anwendung nimmt das als Token zum Fortsetzen.',

  consentTitle: '{application} einlassen?',
  consentAll:
    '{application} möchte wissen, wer Sie bei {site} sind, und dort mit allen Ihren Rechten für Sie handeln. Ihr Passwort, Ihre zweiten Faktoren und Ihre Token kann es nicht ändern. Sie können das jederzeit zurücknehmen.',
  consentSome:
    '{application} möchte wissen, wer Sie bei {site} sind, und dort mit einigen Ihrer Rechte für Sie handeln. Ihr Passwort, Ihre zweiten Faktoren und Ihre Token kann es nicht ändern. Sie können das jederzeit zurücknehmen.',
  consentNone:
    '{application} möchte wissen, wer Sie bei {site} sind, und dort ohne besondere Rechte für Sie handeln. Ihr Passwort, Ihre zweiten Faktoren und Ihre Token kann es nicht ändern. Sie können das jederzeit zurücknehmen.',
  somebodyElse: 'Jemand anderes?',
  sentToAfterwards: 'Danach werden Sie zu {place} geschickt.',
  doNotAllow: 'Nicht erlauben',
  agreed: 'Sie haben zugestimmt',
  disagreed: 'Sie haben nicht zugestimmt',
  staleTitle: 'Es wurde nichts vereinbart',
  staleText:
    'Die Seite wurde schon beantwortet, sie ist zu alt, oder Sie haben sich seither neu angemeldet. Gehen Sie zurück zu dem Dienst, der Sie hierher geschickt hat, und fangen Sie neu an.',

  notSignedIn: 'Sie sind nicht angemeldet',
  notSignedInText: 'Sie konnten nicht angemeldet werden.',
  flowUnknown:
    'Diese Anmeldung wurde nicht in diesem Browser begonnen, wurde schon benutzt oder hat zu lange gedauert. Fangen Sie dort neu an, wo Sie sich anmelden wollten.',
  flowLate: 'Diese Anmeldung hat zu lange gedauert. Fangen Sie dort neu an, wo Sie sich anmelden wollten.',
  flowIncomplete: 'Diese Adresse ist nicht vollständig. Fangen Sie dort neu an, wo Sie sich anmelden wollten.',
  providerOff: 'Mit einem Dienst dieses Namens kann sich hier niemand anmelden.',
  providerRefused: 'Der Dienst hat Sie nicht eingelassen, oder seine Auskunft wurde nicht angenommen.',
  providerUnreachable: 'Der Dienst hat nicht richtig geantwortet. Versuchen Sie es später noch einmal.',
  addressTaken:
    'Mit Ihrer E-Mail-Adresse gibt es hier schon ein Konto. Melden Sie sich mit dessen Passwort an und verbinden Sie dort den Dienst damit; haben Sie keines, lassen Sie sich ein neues schicken.',
  usernameTaken: 'Jemand anderes hat hier Ihren Benutzernamen. Fragen Sie Ihre Verwaltung.',
  externalClosed: 'Wer hier kein Konto hat, bekommt auf diesem Weg keines. Fragen Sie Ihre Verwaltung.',
  domainRefused: 'Mit Adressen wie Ihrer kann sich hier niemand anmelden.',
  almostTitle: 'Fast angemeldet',
  almostText:
    'Die Anwendung, von der Sie kommen, schließt die Anmeldung jetzt ab. Geschieht das nicht innerhalb einer Minute, fangen Sie dort neu an.',

  applicationUnknown: 'Die Anwendung ist hier nicht bekannt',
  applicationUnknownText:
    'Der Dienst, der Sie hierher geschickt hat, ist nicht eingetragen oder wurde ausgeschaltet. Ihm wurde nichts mitgeteilt.',
  addressUnknown: 'Die Adresse für den Rückweg ist nicht eingetragen',
  addressUnknownText:
    'Der Dienst, der Sie hierher geschickt hat, will Sie an eine Adresse weiterschicken, die er nicht eingetragen hat. Sie wurden nicht dorthin geschickt, und ihm wurde nichts mitgeteilt.',
  wentWrong: 'Etwas ist schiefgegangen',
  wentWrongText: 'Gehen Sie zurück zu dem Dienst, der Sie hierher geschickt hat, und fangen Sie neu an.',

  cannotGoOn: 'Hier geht es nicht weiter',
  invalidClient: 'Die Anwendung, die Sie hierher geschickt hat, ist hier nicht bekannt oder ausgeschaltet.',
  invalidRedirect:
    'Die Anwendung, die Sie hierher geschickt hat, will Sie an einer Adresse zurück, die nicht ihre ist.',
  invalidRequest:
    'Die Adresse, die Sie hierher gebracht hat, ist nicht vollständig oder zu alt. Fangen Sie bei der Anwendung neu an.',
  invalidOther: 'Mit der Adresse, die Sie hierher gebracht hat, stimmt etwas nicht.',
  forAdministrator: 'Für ihre Verwaltung: {word}',
  anApplication: 'Eine Anwendung',
  asksToLeave:
    '{application} fragt, ob Sie sich von {site} abmelden möchten. Die anderen Anwendungen, bei denen dieser Browser durch Ihr Konto hier angemeldet ist, erfahren es auch.',
  staySignedIn: 'Angemeldet bleiben',
  done: 'Fertig',
  backToApplication: 'Zurück zur Anwendung',
  knowTitle: 'Einer Anwendung sagen, wer Sie sind',
  asksWho: '{application} fragt, wer Sie sind',
  asksFor: 'Sie sind bei {site} als {name} angemeldet. Wenn Sie es erlauben, erfährt die Anwendung:',
  backTo: 'Danach gehen Sie zurück zu {place}.',
  deny: 'Ablehnen',
  scopeOpenid: 'dass Sie es sind, durch eine Nummer, die gleich bleibt',
  scopeProfile: 'Ihren Namen, Ihren Benutzernamen und Ihr Bild',
  scopeEmail: 'Ihre E-Mail-Adresse',
  scopeRoles: 'welche Rollen Sie hier haben',
  scopeOffline: 'all das auch, während Sie nicht da sind, bis Sie es zurücknehmen',

  completed: 'Anmeldung abgeschlossen',
  failed: 'Anmeldung fehlgeschlagen',
  completedText: 'Die Anmeldung ist abgeschlossen.',
  failedText: 'Die Anmeldung ist nicht gelungen.',
  closeWindow: 'Klicken Sie hier, um dieses Fenster zu schließen.',
  nothingTitle: 'Nichts, womit Sie sich anmelden könnten',
  nothingText: 'Fangen Sie dort neu an, wo Sie sich anmelden wollten. Sie können dieses Fenster schließen.',
};
