import { factOf, type Translation } from './translation.ts';

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
  'delivery-test': ({ site }) => ({
    subject: 'Test der E-Mail-Zustellung',
    paragraphs: [`${site.name} prüft mit dieser E-Mail, ob sie ankommt. Sie müssen nichts tun.`],
  }),
};

function named(factor: string): string {
  return factors[factor] ?? factor;
}

function minutes(count: string): string {
  return count === '1' ? 'eine Minute' : `${count} Minuten`;
}
