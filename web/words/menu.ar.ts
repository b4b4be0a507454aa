import type { Translated } from '../language.ts';
import type { english } from './menu.en.ts';

const arabic: Translated<typeof english> = {
  areas: 'الأقسام',
  profile: 'الملف الشخصي',
  security: 'كلمة المرور والعوامل الثانية',
  sessions: 'الجلسات',
  tokens: 'رموز الوصول الشخصية',
  identities: 'الهويات المرتبطة',
  activity: 'آخر عمليات الدخول',
  data: 'البيانات والحذف',
  dashboard: 'لوحة المعلومات',
  users: 'المستخدمون',
  roles: 'الأدوار والأذونات',
  settings: 'الإعدادات',
  providers: 'خدمات الدخول',
  directory: 'دليل LDAP',
  applications: 'تطبيقات OAuth',
  audit: 'سجل التدقيق',
  blocks: 'الحظر والحدود',
  mail: 'البريد الصادر',
  import: 'الاستيراد',
  setup: 'الخطوات الأولى',
};

export default arabic;
