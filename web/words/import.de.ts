import type { Translated } from '../language.ts';
import type { english } from './import.en.ts';

const german: Translated<typeof english> = {
  mayNot: 'Für den Import brauchen Sie auch die Berechtigung, Benutzer anzulegen. Fragen Sie einen Administrator.',
  file: 'Personen aus Rocket.Chat übernehmen',
  fileAbout:
    'Passwörter und zweite Faktoren bleiben, und wer angemeldet ist, bleibt angemeldet. Nichts wird geschrieben, bevor Sie den Bericht gesehen haben.',
  otherFile: 'Eine andere Datei senden',
  otherFileAbout: 'Sie tritt an die Stelle der oberen.',
  howTo: 'Erstellen Sie einen Dump der alten Datenbank, zum Beispiel:',
  command: 'Befehl für den Dump',
  keepSafe:
    'Der Dump meldet jeden an: löschen Sie ihn danach von Ihrem Rechner. Vom Server wird er nach dem Import entfernt.',
  choose: 'Datei',
  chooseHint:
    'Ein Archiv von mongodump, eine .bson-Datei oder JSON von mongoexport; mit gzip komprimiert oder nicht; bis 2 GiB.',
  noFile: 'Wählen Sie zuerst eine Datei.',
  emptyFile: 'Diese Datei ist leer. Wählen Sie eine andere.',
  tooLarge:
    'Die Datei ist größer als 2 GiB. Erstellen Sie den Dump nur der Benutzer oder nutzen Sie die Kommandozeile auf dem Server.',
  otherRuns: 'Ein anderer Import läuft, oder eine andere Datei wird gesendet. Warten Sie, bis er vorbei ist.',
  send: 'Datei senden',
  sending: '{name} wird gesendet',
  sentSoFar: '{done} von {of} gesendet',
  stopSending: 'Senden abbrechen',
  sent: '{name} liegt auf dem Server.',
  onServer: 'Die Datei auf dem Server',
  result: 'Ergebnis des Imports',
  fileFacts: '{size}, gesendet {when}',
  stateUploaded: 'Noch nicht geprüft',
  stateLooking: 'Wird geprüft',
  stateImporting: 'Import läuft',
  stateLooked: 'Geprüft',
  stateDone: 'Importiert',
  stateFailed: 'Fehlgeschlagen',
  stateStopped: 'Angehalten',
  toldUploaded: 'Prüfen Sie die Datei zuerst: nichts wird geschrieben, und Sie sehen, wer kommen würde.',
  toldLooked: 'Es wurde nichts geschrieben. Lesen Sie den Bericht und importieren Sie dann.',
  toldDone: 'Alle, die kommen konnten, sind da. Sie melden sich mit ihren bisherigen Passwörtern an.',
  toldFailed:
    'Der Lauf endete vorzeitig. Der Grund steht unten bei den Problemen. Versuchen Sie es erneut oder senden Sie die Datei noch einmal.',
  toldStopped: 'Der Import wurde angehalten. Wer schon da ist, bleibt; beim Fortsetzen werden sie übergangen.',
  toldLookStopped: 'Die Prüfung wurde vorzeitig angehalten, die Zahlen gelten nur für einen Teil.',
  readSoFar: '{done} von {of} gelesen, {people}',
  people: { one: 'eine Person', other: '{count} Personen' },
  seen: 'Personen in der Datei',
  wouldCome: 'Würden kommen',
  brought: 'Übernommen',
  there: 'Schon da',
  skipped: 'Bleiben weg',
  look: 'Datei prüfen',
  lookAgain: 'Erneut prüfen',
  importNow: 'Importieren',
  goOn: 'Fortsetzen',
  stop: 'Anhalten',
  removeFile: 'Datei entfernen',
  importTitle: 'Jetzt importieren?',
  importWill: {
    one: 'Eine Person kommt, mit Rollen und Einstellungen, die noch fehlen.',
    other: '{count} Personen kommen, mit Rollen und Einstellungen, die noch fehlen.',
  },
  importThere:
    'Vorhandene Konten bleiben, wie sie sind. Es lässt sich nicht auf einmal rückgängig machen: übernommene Konten werden einzeln gelöscht.',
  removeTitle: 'Datei entfernen?',
  removeWill:
    '{name} wird vom Server entfernt. Wer übernommen wurde, bleibt. Zum Importieren müssen Sie sie erneut senden.',
  problems: 'Probleme',
  problemsCount: { one: 'Ein Problem', other: '{count} Probleme' },
  firstOnly: {
    one: 'Aufgeführt ist das erste. Die Kommandozeile schreibt einen Bericht über alle.',
    other: 'Aufgeführt sind die ersten {count}. Die Kommandozeile schreibt einen Bericht über alle.',
  },
  saveProblems: 'Liste speichern',
  where: 'Wo',
  why: 'Warum',
};

export default german;
