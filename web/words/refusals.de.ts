import type { Translated } from '../language.ts';
import type { english } from './refusals.en.ts';

const german: Translated<typeof english> = {
  'wrong-credentials': 'Name oder Passwort falsch',
  'factor-required': 'Zweiter Faktor noch nicht angegeben',
  'factor-wrong': 'Zweiter Faktor falsch',
  'factor-attempts-spent': 'Zu viele falsche Codes',
  'account-blocked': 'Konto vorübergehend gesperrt',
  'address-blocked': 'Adresse vorübergehend gesperrt',
  'account-closed': 'Konto ist geschlossen',
  'account-without-roles': 'Konto hat keine Rollen',
  'email-not-verified': 'E-Mail nicht bestätigt',
  'token-unknown': 'Token unbekannt',
  'token-expired': 'Sitzung war abgelaufen',
  'passkey-refused': 'Passkey nicht akzeptiert',
  'provider-refused': 'Vom Anbieter abgelehnt',
  'provider-unreachable': 'Anbieter antwortete nicht',
  'permission-missing': 'Berechtigung fehlt',
};

export default german;
