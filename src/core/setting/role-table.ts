import type { Role } from './store.ts';

const ofServer = { scope: 'Users', description: '', protected: true, secondFactor: false } as const;
const ofRoom = { ...ofServer, scope: 'Subscriptions' } as const;

/** The roles of a fresh install, as clients know them. */
export const defaultRoles: readonly Role[] = [
  { ...ofServer, id: 'admin', name: 'admin', description: 'Admin' },
  { ...ofServer, id: 'user', name: 'user' },
  { ...ofServer, id: 'bot', name: 'bot' },
  { ...ofServer, id: 'app', name: 'app' },
  { ...ofServer, id: 'guest', name: 'guest' },
  { ...ofServer, id: 'anonymous', name: 'anonymous' },
  { ...ofServer, id: 'livechat-agent', name: 'livechat-agent' },
  { ...ofServer, id: 'livechat-manager', name: 'livechat-manager' },
  { ...ofServer, id: 'federated-external', name: 'federated-external' },
  { ...ofRoom, id: 'owner', name: 'owner' },
  { ...ofRoom, id: 'moderator', name: 'moderator' },
  { ...ofRoom, id: 'leader', name: 'leader' },
];
