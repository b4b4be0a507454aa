import { factOf, type Translation, unlinked } from './translation.ts';

const factors: Readonly<Record<string, string>> = {
  app: 'eine Authentifizierungs-App',
  email: 'Codes per E-Mail',
  passkey: 'ein Passkey',
};

export const german: Translation = {
  'authentication-code': ({ facts, site }) => ({
    subject: 'Bestätigungscode',
    paragraphs: [
      `Ihr Bestätigungscode für ${site.name}:`,
      `Er gilt ${minutes(factOf(facts, 'minutes'))} und nur einmal.`,
      'Niemand vom Server wird Sie je danach fragen. Falls Sie keinen Code angefordert haben, kennt vielleicht jemand Ihr Passwort: Ändern Sie es.',
    ],
    code: factOf(facts, 'code'),
  }),
  'factors-reset': ({ site }) => ({
    subject: 'Ihre Zwei-Faktor-Authentifizierung wurde zurückgesetzt',
    paragraphs: [
      `Ein Administrator hat alle zweiten Faktoren Ihres Kontos auf ${site.name} entfernt und alle Sitzungen beendet.`,
      'Melden Sie sich neu an und richten Sie einen zweiten Faktor ein. Falls Sie das nicht erwartet haben, fragen Sie Ihren Administrator.',
    ],
  }),
  'factor-added': ({ facts, site }) => ({
    subject: 'Ihrem Konto wurde ein zweiter Faktor hinzugefügt',
    paragraphs: [
      `Ihrem Konto auf ${site.name} wurde ein zweiter Faktor hinzugefügt: ${named(factOf(facts, 'factor'))}.`,
      'Falls Sie das nicht waren, ändern Sie Ihr Passwort und benachrichtigen Sie Ihren Administrator.',
    ],
  }),
  'factor-removed': ({ facts, site }) => ({
    subject: 'Ein zweiter Faktor Ihres Kontos wurde entfernt',
    paragraphs: [
      `Ein zweiter Faktor Ihres Kontos auf ${site.name} wurde entfernt: ${named(factOf(facts, 'factor'))}.`,
      'Falls Sie das nicht waren, ändern Sie Ihr Passwort und benachrichtigen Sie Ihren Administrator.',
    ],
  }),
  'identity-linked': ({ facts, site }) => ({
    subject: 'Ihr Konto hat einen weiteren Anmeldeweg',
    paragraphs: [
      `Ihr Konto auf ${site.name} wurde mit einem Konto bei ${factOf(facts, 'provider')} verbunden, das sich von nun an dort anmelden kann.`,
      'Falls Sie das nicht waren, trennen Sie die Verbindung in Ihrem Profil, ändern Sie Ihr Passwort und benachrichtigen Sie Ihren Administrator.',
    ],
  }),
  'identity-unlinked': ({ facts, site }) => ({
    subject: 'Ihr Konto hat einen Anmeldeweg weniger',
    paragraphs: [
      `Ihr Konto auf ${site.name} wurde von einem Konto bei ${factOf(facts, 'provider')} getrennt, das sich nicht mehr dort anmelden kann.`,
      'Falls Sie das nicht waren, ändern Sie Ihr Passwort und benachrichtigen Sie Ihren Administrator.',
    ],
  }),
  'email-changed': ({ facts, site }) => ({
    subject: 'Die E-Mail-Adresse Ihres Kontos wurde geändert',
    paragraphs: [
      factOf(facts, 'by') === 'owner'
        ? `Die E-Mail-Adresse Ihres Kontos auf ${site.name} wurde geändert.`
        : `Ein Administrator hat die E-Mail-Adresse Ihres Kontos auf ${site.name} geändert.`,
      'E-Mails zu diesem Konto kommen nicht mehr hier an. Wenn Sie das nicht erwartet haben, wenden Sie sich an Ihren Administrator.',
    ],
  }),
  'password-changed': ({ site }) => ({
    subject: 'Ihr Passwort wurde geändert',
    paragraphs: [
      `Das Passwort Ihres Kontos auf ${site.name} wurde geändert, und seine anderen Sitzungen wurden beendet.`,
      'Falls Sie das nicht waren, setzen Sie Ihr Passwort jetzt zurück und benachrichtigen Sie Ihren Administrator.',
    ],
  }),
  'password-set': ({ site }) => ({
    subject: 'Ihr Passwort wurde geändert',
    paragraphs: [
      `Ein Administrator hat für Ihr Konto auf ${site.name} ein neues Passwort gesetzt und seine Sitzungen beendet.`,
      'Wenn Sie das nicht erwartet haben, wenden Sie sich an Ihren Administrator.',
    ],
  }),
  'account-opened': ({ site }) => ({
    subject: 'Ihr Konto wurde aktiviert',
    paragraphs: [
      `Ihr Konto auf ${site.name} ist jetzt aktiv: Sie können sich anmelden.`,
      'Falls Sie das nicht erwartet haben, wenden Sie sich an Ihren Administrator.',
    ],
  }),
  'account-closed': ({ site }) => ({
    subject: 'Ihr Konto wurde deaktiviert',
    paragraphs: [
      `Ihr Konto auf ${site.name} wurde deaktiviert und alle seine Sitzungen wurden beendet.`,
      'Wenn Sie das nicht erwartet haben, wenden Sie sich an Ihren Administrator.',
    ],
  }),
  'email-verification': ({ facts, site }) => ({
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    paragraphs: [
      `Öffnen Sie diesen Link, um Ihre E-Mail-Adresse für ${site.name} zu bestätigen:`,
      `Er gilt ${days(factOf(facts, 'days'))} und nur einmal. Falls Sie ihn nicht angefordert haben, beachten Sie diese E-Mail nicht: Die Adresse bleibt unbestätigt.`,
    ],
    link: factOf(facts, 'link'),
  }),
  'password-reset': ({ facts, site }) => ({
    subject: 'Setzen Sie ein neues Passwort',
    paragraphs: [
      `Öffnen Sie diesen Link, um ein neues Passwort für Ihr Konto auf ${site.name} zu setzen:`,
      `Er gilt ${minutes(factOf(facts, 'minutes'))} und nur einmal. Eine Anmeldung mit dem alten Passwort macht ihn ungültig.`,
      'Falls Sie ihn nicht angefordert haben, beachten Sie diese E-Mail nicht: Ihr Passwort bleibt, wie es ist.',
    ],
    link: factOf(facts, 'link'),
  }),
  'enrolment': ({ facts, site }) => ({
    subject: `Ihr Konto auf ${site.name}`,
    paragraphs: [
      `Ein Administrator hat für Sie ein Konto auf ${site.name} angelegt. Öffnen Sie diesen Link, um Ihr Passwort zu setzen:`,
      `Ihr Benutzername: ${unlinked(factOf(facts, 'username'))}`,
      `Der Link gilt ${days(factOf(facts, 'days'))} und nur einmal. Falls Sie dort kein Konto erwarten, beachten Sie diese E-Mail nicht.`,
    ],
    link: factOf(facts, 'link'),
  }),
  'welcome': ({ facts, site }) => ({
    subject: `Willkommen bei ${site.name}`,
    paragraphs: [
      `Sie haben ein Konto auf ${site.name}. Ihr Benutzername: ${unlinked(factOf(facts, 'username'))}`,
      'Falls Sie Ihr Passwort nicht kennen, fordern Sie bei der Anmeldung einen Link an, um ein neues zu setzen. Falls Sie dort kein Konto erwarten, bitten Sie den Administrator, es zu löschen.',
    ],
  }),
  'account-waits': ({ facts, site }) => ({
    subject: 'Ein neues Konto wartet auf Freigabe',
    paragraphs: [
      `Jemand hat sich auf ${site.name} registriert und wartet, bis ein Administrator das Konto freigibt. Das hat die Person angegeben:`,
      `Benutzername: ${unlinked(factOf(facts, 'username'))}`,
      `Name: ${unlinked(factOf(facts, 'name'))}`,
      `E-Mail-Adresse: ${unlinked(factOf(facts, 'email'))}`,
      `Grund: ${unlinked(factOf(facts, 'reason'))}`,
    ],
  }),
  'address-known': ({ site }) => ({
    subject: 'Sie haben schon ein Konto',
    paragraphs: [
      `Jemand hat sich auf ${site.name} mit dieser E-Mail-Adresse registriert, zu der es schon ein Konto gibt. Ein weiteres wurde nicht angelegt.`,
      'Falls Sie das waren, melden Sie sich an oder fordern Sie einen Link an, um ein neues Passwort zu setzen. Falls nicht, müssen Sie nichts tun.',
    ],
  }),
  'account-approved': ({ site }) => ({
    subject: 'Ihr Konto wurde freigegeben',
    paragraphs: [
      `Ein Administrator hat Ihr Konto auf ${site.name} freigegeben: Sie können sich jetzt anmelden.`,
      'Falls Sie sich dort nicht registriert haben, bitten Sie den Administrator, es zu löschen.',
    ],
  }),
  'account-blocked': ({ facts, site }) => ({
    subject: 'Die Anmeldung an Ihrem Konto ist vorübergehend gesperrt',
    paragraphs: [
      `Zu viele Anmeldungen an Ihrem Konto auf ${site.name} sind gescheitert, die letzte von der Adresse ${factOf(facts, 'address')}. Etwa ${minutes(factOf(facts, 'minutes'))} lang kann sich niemand anmelden, außer von dort, wo Sie sich schon angemeldet haben. Offene Sitzungen bleiben offen.`,
      'Falls Sie das waren, warten Sie und versuchen Sie es erneut. Falls nicht, versucht jemand, Ihr Passwort zu erraten: Sie müssen nichts tun, solange es gut ist und Sie es nirgends sonst benutzen. Ein zweiter Faktor hält auch den fern, der es errät.',
    ],
  }),
  'sign-ins-blocked': ({ facts, site }) => ({
    subject: 'Gescheiterte Anmeldungen wurden gesperrt',
    paragraphs: [
      `Nach ${factOf(facts, 'failures')} gescheiterten Anmeldungen hat ${site.name} ${blockedSubject(facts)} für etwa ${minutes(factOf(facts, 'minutes'))} gesperrt.`,
      `Die letzte kam von der Adresse ${factOf(facts, 'address')}. Was gerade gesperrt ist, zeigt die Liste der Sperren (countersign block list).`,
    ],
  }),
  'new-device': ({ facts, site }) => ({
    subject: 'Anmeldung von einem neuen Gerät',
    paragraphs: [
      `Jemand hat sich bei Ihrem Konto auf ${site.name} von einem Gerät angemeldet, das dafür noch nicht benutzt wurde.`,
      `Wann: ${factOf(facts, 'at')} UTC`,
      `Von: ${unlinked(factOf(facts, 'address'))}`,
      `Mit: ${unlinked(factOf(facts, 'browser'))}`,
      ...(factOf(facts, 'system') === '' ? [] : [`System: ${unlinked(factOf(facts, 'system'))}`]),
      'Falls Sie das nicht waren, beenden Sie die Sitzung, ändern Sie Ihr Passwort und benachrichtigen Sie Ihren Administrator.',
    ],
  }),
  'personal-token-ends': ({ facts, site }) => ({
    subject: 'Ein persönliches Zugriffstoken läuft bald ab',
    paragraphs: [
      `Ihr persönliches Zugriffstoken ${unlinked(factOf(facts, 'name'))} auf ${site.name} läuft am ${factOf(facts, 'at')} UTC ab. Was es benutzt, wird ab dann abgewiesen.`,
      'Legen Sie rechtzeitig ein neues an, falls Sie es noch brauchen. Falls Sie es nicht kennen, entfernen Sie es und ändern Sie Ihr Passwort.',
    ],
  }),
  'personal-token-revoked': ({ facts, site }) => ({
    subject: 'Ein persönliches Zugriffstoken wurde widerrufen',
    paragraphs: [
      `Ein Administrator hat Ihr persönliches Zugriffstoken ${unlinked(factOf(facts, 'name'))} auf ${site.name} widerrufen. Was es benutzt hat, wird ab jetzt abgewiesen.`,
      'Wenn Sie das nicht erwartet haben, wenden Sie sich an Ihren Administrator.',
    ],
  }),
  'delivery-test': ({ site }) => ({
    subject: 'Test der E-Mail-Zustellung',
    paragraphs: [`${site.name} prüft mit dieser E-Mail, ob sie ankommt. Sie müssen nichts tun.`],
  }),
};

function blockedSubject(facts: Readonly<Record<string, string>>): string {
  switch (factOf(facts, 'kind')) {
    case 'address':
      return 'diese Adresse';
    case 'name':
      return 'einen Namen, den kein Konto hat,';
    default:
      return `das Konto ${unlinked(factOf(facts, 'username'))}`;
  }
}

function named(factor: string): string {
  return factors[factor] ?? factor;
}

function minutes(count: string): string {
  return count === '1' ? 'eine Minute' : `${count} Minuten`;
}

function days(count: string): string {
  return count === '1' ? 'einen Tag' : `${count} Tage`;
}
