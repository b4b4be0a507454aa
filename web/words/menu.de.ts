import type { Translated } from '../language.ts';
import type { english } from './menu.en.ts';

const german: Translated<typeof english> = {
  areas: 'Bereiche',
  profile: 'Profil',
  security: 'Passwort und zweite Faktoren',
  sessions: 'Sitzungen',
  tokens: 'Persönliche Zugriffstoken',
  identities: 'Verknüpfte Identitäten',
  activity: 'Letzte Anmeldungen',
  data: 'Daten und Löschen',
  dashboard: 'Übersicht',
  users: 'Personen',
  roles: 'Rollen und Berechtigungen',
  settings: 'Einstellungen',
  providers: 'Anmeldedienste',
  directory: 'LDAP-Verzeichnis',
  applications: 'OAuth-Anwendungen',
  audit: 'Prüfprotokoll',
  blocks: 'Sperren und Grenzen',
  mail: 'Postausgang',
  import: 'Import',
  setup: 'Erste Schritte',
};

export default german;
