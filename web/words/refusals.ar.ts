import type { Translated } from '../language.ts';
import type { english } from './refusals.en.ts';

const arabic: Translated<typeof english> = {
  'wrong-credentials': 'اسم أو كلمة مرور خاطئة',
  'factor-required': 'لم يُعطَ العامل الثاني بعد',
  'factor-wrong': 'عامل ثانٍ خاطئ',
  'factor-attempts-spent': 'رموز خاطئة كثيرة',
  'account-blocked': 'الحساب محظور مؤقتًا',
  'address-blocked': 'العنوان محظور مؤقتًا',
  'account-closed': 'الحساب مغلق',
  'account-without-roles': 'الحساب بلا أدوار',
  'email-not-verified': 'البريد غير مؤكد',
  'token-unknown': 'رمز غير معروف',
  'token-expired': 'انتهت الجلسة',
  'passkey-refused': 'لم يُقبل مفتاح المرور',
  'provider-refused': 'رفضه المزوّد',
  'provider-unreachable': 'لم يجب المزوّد',
  'permission-missing': 'صلاحية ناقصة',
};

export default arabic;
