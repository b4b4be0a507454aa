import type { Translated } from '../language.ts';
import type { english } from './settings-form.en.ts';

const german: Translated<typeof english> = {
  on: 'an',
  off: 'aus',
  set: 'gesetzt',
  notSet: 'nicht gesetzt',
  empty: '(leer)',
  switchedOn: 'Eingeschaltet',
  default: 'Vorgabe:',
  toDefault: 'Zurück zur Vorgabe',
  toDefaultLabel: 'Zurück zur Vorgabe: {name}',
  notSaved: 'Nicht gespeichert',
  undo: 'Rückgängig',
  undoLabel: 'Änderung von {name} rückgängig machen',
  readOnly: 'Nur lesbar',
  overridden: 'Die Umgebung setzt das bei jedem Start: Ändern Sie dort {variable}.',
  fixed:
    'Der Server oder seine Umgebung legt diesen Wert fest, oder nur Administratoren ändern ihn; hier können Sie das nicht.',
  replace: 'Ersetzen',
  replaceLabel: 'Geheimnis {name} ersetzen',
  replaceHint: 'Geben Sie das neue ein. Leer gespeichert wird das Geheimnis entfernt.',
  unsaved: { one: 'Eine Änderung ist nicht gespeichert', other: '{count} Änderungen sind nicht gespeichert' },
  discard: 'Verwerfen',
  leaveTitle: 'Ohne Speichern verlassen?',
  leaveText: 'Was Sie hier geändert und nicht gespeichert haben, geht verloren.',
  leave: 'Verlassen',
  lostTitle: 'Geben Sie diese Geheimnisse neu ein',
  lostText:
    'Sie haben geändert, wohin sie geschickt werden, darum hat der Server sie vergessen: So kann niemand sie anderswohin schicken lassen.',
  noNumber: 'Geben Sie eine Zahl ein.',
  noWhole: 'Geben Sie eine ganze Zahl ein.',
  least: 'Mindestens {bound}.',
  most: 'Höchstens {bound}.',
  between: 'Von {least} bis {most}.',
  noAddress: 'Geben Sie eine Adresse ein, die mit http:// oder https:// beginnt.',
  noJson: 'Das ist kein Objekt in JSON: Prüfen Sie Klammern, Anführungszeichen und Kommas.',
  strangeItem: '„{item}“ ist hier nicht möglich oder steht doppelt. Ein Eintrag je Zeile.',
  refused: 'Der Server nimmt diesen Wert nicht an. Vergleichen Sie ihn mit der Beschreibung.',
  clientId: 'Client-ID',
  clientSecret: 'Client-Geheimnis',
};

export default german;
