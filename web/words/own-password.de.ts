import type { Translated } from '../language.ts';
import type { english } from './own-password.en.ts';

const german: Translated<typeof english> = {
  title: 'Passwort',
  about:
    'Alle Ihre anderen Sitzungen enden, wenn Sie es ändern; diese bleibt. Sie werden nach Ihrem zweiten Faktor gefragt oder, wenn Sie keinen haben, nach Ihrem jetzigen Passwort.',
  aboutFirst:
    'Ihr Konto hat noch kein Passwort. Mit einem können Sie sich hier ohne den Dienst anmelden, den Sie jetzt verwenden.',
  fixed: 'Ihre Verwaltung lässt niemanden sein Passwort hier ändern.',
  elsewhere:
    'Sie melden sich über einen anderen Dienst an, und Ihre Verwaltung lässt daneben niemanden ein eigenes Passwort setzen.',
  directory:
    'Ihr Passwort ist das aus dem Verzeichnis Ihrer Organisation. Ändern Sie es dort, zum Beispiel wo Sie sich an Ihrem Rechner anmelden; hier gilt das neue sofort.',
  directoryToo: 'Das ändert nicht das Passwort, das Sie im Verzeichnis Ihrer Organisation haben.',
  current: 'Jetziges Passwort',
  currentWrong: 'Das ist nicht Ihr jetziges Passwort. Versuchen Sie es noch einmal.',
  tokens: 'Auch meine persönlichen Zugriffstoken widerrufen',
  tokensHint: 'Sonst gelten sie weiter. Kreuzen Sie es an, wenn jemand anders Ihr Passwort kennen könnte.',
  tokensFailed:
    'Das Passwort ist geändert, aber die persönlichen Zugriffstoken gibt es noch. Widerrufen Sie sie unter „Persönliche Zugriffstoken“.',
  change: 'Passwort ändern',
  setFirst: 'Passwort setzen',
  done: 'Das Passwort ist geändert. Ihre anderen Sitzungen sind beendet.',
};

export default german;
