import type { Translated } from '../language.ts';
import type { english } from './new-password.en.ts';

const german: Translated<typeof english> = {
  label: 'Neues Passwort',
  again: 'Passwort noch einmal eingeben',
  rules: 'Was das Passwort erfüllen muss',
  met: ' (erfüllt)',
  ruleShortest: { one: 'Mindestens ein Zeichen.', other: 'Mindestens {count} Zeichen.' },
  ruleLongest: { one: 'Höchstens ein Zeichen.', other: 'Höchstens {count} Zeichen.' },
  ruleRepeats: {
    one: 'Kein Zeichen zweimal hintereinander.',
    other: 'Kein Zeichen öfter als {count}-mal hintereinander.',
  },
  ruleLowercase: 'Ein kleiner Buchstabe von a bis z.',
  ruleUppercase: 'Ein großer Buchstabe von A bis Z.',
  ruleNumber: 'Eine Ziffer.',
  ruleSpecial: 'Ein Zeichen, das weder Buchstabe noch Ziffer ist.',
  allMet: 'Alle Regeln sind erfüllt.',
  missing: 'Es fehlt noch: {rules}',
  strengthNone: 'Hier steht dann, wie schwer es zu erraten ist.',
  strength: 'Stärke: {strength}',
  strength0: 'sofort erraten',
  strength1: 'schwach',
  strength2: 'mäßig',
  strength3: 'gut',
  strength4: 'sehr gut',
  notTheSame: 'Das ist nicht dasselbe wie oben. Geben Sie dasselbe Passwort noch einmal ein.',
  common: 'Dieses Passwort wird als eines der ersten probiert. Wählen Sie ein anderes.',
  ownName: 'Dieses Passwort ist Ihr Name, Ihre Adresse oder der Name dieser Seite. Wählen Sie ein anderes.',
  tooLong: 'Dieses Passwort ist länger, als der Server annimmt. Wählen Sie ein kürzeres.',
  refused: 'Der Server nimmt dieses Passwort nicht an. Wählen Sie ein anderes.',
  same: 'Dieses Passwort haben Sie schon. Wählen Sie ein anderes.',
  former: 'Dieses Passwort hatten Sie früher. Wählen Sie ein anderes.',
};

export default german;
