-- What happened stays as it was written, for everybody: the triggers fire ALWAYS, so that neither the owner nor a session
-- in replication mode passes them.
alter table audit.event add column xid xid8 not null default pg_current_xact_id();
alter table audit.event add column db_user text not null default session_user;

create function audit.stamp() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  new.at := clock_timestamp();
  new.xid := pg_current_xact_id();
  new.db_user := session_user;
  return new;
end
$$;

create function audit.refuse_change() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'audit.event is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;

-- The doorbell: PostgreSQL rings it at commit, and only then.
create function audit.announce() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('portal_changes', coalesce(new.request_id::text, ''));
  return null;
end
$$;

create trigger stamp before insert on audit.event for each row execute function audit.stamp();
create trigger refuse_change before update or delete on audit.event for each row execute function audit.refuse_change();
create trigger refuse_truncate before truncate on audit.event for each statement execute function audit.refuse_change();
create trigger announce after insert on audit.event for each row execute function audit.announce();
alter table audit.event enable always trigger stamp;
alter table audit.event enable always trigger refuse_change;
alter table audit.event enable always trigger refuse_truncate;

-- The audit page finds any part of any word in any fact.
create extension if not exists pg_trgm;
create index event_text on audit.event using gin ((doc::text) gin_trgm_ops);
