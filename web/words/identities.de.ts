import type { Translated } from '../language.ts';
import type { english } from './identities.en.ts';

const german: Translated<typeof english> = {
  title: 'Ihre Identitäten',
  about: 'Konten anderswo, mit denen Sie sich hier anmelden können.',
  provider: 'Anbieter',
  name: 'Name dort',
  since: 'Verknüpft',
  used: 'Zuletzt benutzt',
  act: 'Aktion',
  emptyTitle: 'Keine Identität ist verknüpft.',
  link: '{name} verknüpfen',
  linkText:
    'Weitere verknüpfen: Sie melden sich dort an, kommen hierher zurück und bestätigen mit Ihrem zweiten Faktor oder Ihrem Passwort.',
  noServices: 'Auf diesem Server ist kein Dienst zum Verknüpfen eingerichtet.',
  unlink: 'Trennen',
  unlinkLabel: '{name} trennen',
  unlinkTitle: '{name} trennen?',
  unlinkText: 'Sie können sich damit nicht mehr anmelden, und die damit geöffneten Sitzungen enden sofort.',
  unlinked: 'Die Identität ist getrennt.',
  linking: '{name} wird verknüpft',
  linkingText: 'Bestätigen Sie, dass Sie es sind, dann ist die Identität verknüpft.',
  goOn: 'Weiter',
  linked: '{name} ist verknüpft.',
  linkRefused: '{name} hat Sie nicht hereingelassen, oder Sie haben abgelehnt. Nichts wurde verknüpft.',
  linkTaken:
    'Diese Identität ist mit einem anderen Konto verknüpft. Melden Sie sich dort an und trennen Sie sie zuerst, oder fragen Sie die Verwaltung.',
  linkLate: 'Das hat zu lange gedauert. Beginnen Sie noch einmal.',
  lastWayIn: 'Ohne sie könnte sich niemand mehr an Ihrem Konto anmelden. Legen Sie zuerst ein Passwort fest.',
  notFresh:
    'Ihre Anmeldung ist dafür zu lange her. Melden Sie sich ab, wieder an, und tun Sie es innerhalb von zehn Minuten.',
  passwordWrong: 'Das ist nicht Ihr Passwort. Versuchen Sie es noch einmal.',
  applications: 'Anwendungen',
  applicationsAbout: 'Programme und Websites, die für Sie sprechen dürfen, weil Sie zugestimmt haben.',
  application: 'Anwendung',
  given: 'Zugestimmt',
  noApplications: 'Sie lassen keine Anwendung für sich sprechen.',
  withdraw: 'Zurückziehen',
  withdrawLabel: 'Zustimmung für {name} zurückziehen',
  withdrawTitle: 'Zustimmung für {name} zurückziehen?',
  withdrawText: 'Ihr Zugang endet sofort. Wenn Sie sie wieder benutzen, fragt sie Sie erneut.',
  withdrawn: 'Die Anwendung darf nicht mehr für Sie sprechen.',
};

export default german;
