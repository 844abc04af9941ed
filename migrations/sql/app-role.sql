-- The portal's own role: reads and writes what is, adds to what happened, changes nothing of it.
do $$
begin
  if not exists (select from pg_roles where rolname = 'portal_app') then
    create role portal_app login;
  end if;
end
$$;

revoke create on schema public from public;
-- A temporary table could shadow a real one.
do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$;
do $$ begin execute format('grant connect on database %I to portal_app', current_database()); end $$;

grant usage on schema portal, audit to portal_app;
grant select, insert, update on all tables in schema portal to portal_app;
grant usage on all sequences in schema portal to portal_app;
-- A sealed password is erased as soon as nobody needs it, a sign-in a month after it ended, a used name when it is void: the only rows that may go.
grant delete on portal.sealed_login, portal.session, portal.used_name to portal_app;
-- Decisions, keys and sealed passwords are added, never changed.
revoke update on portal.decision, portal.key_ring, portal.sealed_login from portal_app;
-- Which migrations ran is the owner's business; that they ran is part of "ready".
revoke insert, update on portal.__ef_migrations_history from portal_app;

revoke all on audit.event from portal_app;
grant select on audit.event to portal_app;
-- Not at, xid and db_user: the database sets those.
grant insert (id, kind, actor_id, actor_name, request_id, seq, node, raw, doc) on audit.event to portal_app;
