import { logOutEndpoint } from '../log-out.ts';

export default logOutEndpoint('post');
