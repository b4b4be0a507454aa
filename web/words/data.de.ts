import type { Translated } from '../language.ts';
import type { english } from './data.en.ts';

const german: Translated<typeof english> = {
  export: 'Ihre Daten mitnehmen',
  exportAbout:
    'Eine Datei mit allem, was dieser Server über Sie weiß: Profil, Einstellungen, Sitzungen, persönliche Zugriffstoken, Passkeys, verknüpfte Identitäten, Anwendungen, vertraute Geräte und die letzten Anmeldungen.',
  exportWithout:
    'Sie ist JSON und entsteht in Ihrem Browser. Passwörter, die Texte der Token und andere Geheimnisse stehen nicht darin.',
  exportDo: 'Meine Daten herunterladen',
  exported: 'Die Datei liegt bei Ihren Downloads.',
  delete: 'Mein Konto löschen',
  deleteAbout: 'Damit endet Ihr Konto endgültig. Niemand kann es zurückholen, auch Ihre Verwaltung nicht.',
  deleteFixed: 'Ihre Verwaltung lässt niemanden sein Konto selbst löschen. Bitten Sie dort darum.',
  deleteAsk: 'Mein Konto löschen …',
  deleteTitle: 'Konto löschen?',
  deleteWhat: 'Das geht sofort und endgültig verloren:',
  goesProfile: 'Ihr Profil, Ihr Bild, Ihre Adressen und Einstellungen,',
  goesSessions: 'alle Ihre Sitzungen auf allen Geräten,',
  goesTokens: 'Ihre persönlichen Zugriffstoken: Skripte, die sie verwenden, arbeiten nicht mehr,',
  goesFactors: 'Ihr Passwort, Ihre Passkeys, Ihre Authenticator-App und Ihre Ersatzcodes,',
  goesIdentities: 'Ihre verknüpften Identitäten und was Anwendungen in Ihrem Namen dürfen.',
  deleteStays: 'Das Prüfprotokoll des Servers behält, dass es das Konto gab und was mit ihm geschah.',
  deleteDo: 'Mein Konto endgültig löschen',
  password: 'Ihr Passwort',
  passwordWrong: 'Das ist nicht Ihr Passwort. Versuchen Sie es noch einmal.',
  username: 'Ihr Benutzername',
  usernameHint: 'Geben Sie zur Bestätigung {username} ein.',
  usernameWrong: 'Das ist nicht Ihr Benutzername. Geben Sie ihn genau so ein, wie er unten steht.',
  lastAdministrator:
    'Sie verwalten diesen Server als Letzte oder Letzter: Ohne Sie könnte es niemand. Geben Sie zuerst jemand anderem diese Rolle.',
  deletedTitle: 'Ihr Konto ist gelöscht',
  deletedText: 'Sie sind überall abgemeldet. Sie können diese Seite schließen.',
};

export default german;
