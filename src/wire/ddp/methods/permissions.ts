import { roleDocument } from '../../shapes/role-document.ts';
import { openMethod } from '../method.ts';
import { maybeMomentOf } from '../params.ts';
import { permissionShape } from '../setting-shapes.ts';

/** The table of permissions, as clients keep it; nothing for whoever is signed out. */
export const permissions = openMethod({
  name: 'permissions/get',
  scoped: true,
  params: ([after]) => maybeMomentOf(after),
  async run(app, { signed }, updatedSince) {
    const listed = signed === undefined ? [] : app.permissions.list({ updatedSince }).map(permissionShape);
    return await Promise.resolve(updatedSince === undefined ? listed : { update: listed, remove: [] });
  },
});

/** The roles; nothing for whoever is signed out. */
export const roles = openMethod({
  name: 'roles/list',
  scoped: true,
  params: () => undefined,
  async run(app, { signed }) {
    if (signed === undefined) return await Promise.resolve([]);
    return app.permissions.roles().map(roleDocument);
  },
});
