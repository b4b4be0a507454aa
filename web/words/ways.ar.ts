import type { Translated } from '../language.ts';
import type { english } from './ways.en.ts';

const arabic: Translated<typeof english> = {
  doorRest: 'برنامج أو تطبيق',
  doorDdp: 'تطبيق أو متصفح',
  browser: 'متصفح',
  doorPage: 'هذا الموقع',
  doorCli: 'جهاز الخادم',
  doorServer: 'الخادم نفسه',
  app: 'تطبيق المصادقة',
  email: 'رمز بالبريد الإلكتروني',
  passkey: 'مفتاح المرور',
  backup: 'رمز احتياطي',
  password: 'كلمة المرور',
  device: 'الجهاز',
  unknownDevice: 'جهاز غير معروف',
};

export default arabic;
