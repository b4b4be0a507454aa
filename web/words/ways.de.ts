import type { Translated } from '../language.ts';
import type { english } from './ways.en.ts';

const german: Translated<typeof english> = {
  doorRest: 'Programm oder App',
  doorDdp: 'App oder Browser',
  browser: 'Browser',
  doorPage: 'Diese Website',
  doorCli: 'Rechner des Servers',
  doorServer: 'Der Server selbst',
  app: 'Authenticator-App',
  email: 'Code per E-Mail',
  passkey: 'Passkey',
  backup: 'Ersatzcode',
  password: 'Passwort',
  device: 'Gerät',
  unknownDevice: 'Unbekanntes Gerät',
};

export default german;
