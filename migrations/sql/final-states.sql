-- Final states never change, whoever writes. The lists are those of RequestLife; a test compares them.
create function portal.keep_final_request() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state in ('Succeeded', 'PartlySucceeded', 'Failed', 'Rejected', 'Withdrawn') and new.state <> old.state then
    raise exception 'request % is % and stays so', old.id, old.state using errcode = 'check_violation';
  end if;
  if (new.kind, new.payload, new.payload_hash, new.requester_id, new.policy)
     is distinct from (old.kind, old.payload, old.payload_hash, old.requester_id, old.policy) then
    raise exception 'what request % asks for does not change', old.id using errcode = 'check_violation';
  end if;
  return new;
end
$$;

create function portal.keep_final_item() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state in ('Done', 'AlreadyThere', 'Failed', 'Skipped') and new.state <> old.state then
    raise exception 'item % is % and stays so', old.id, old.state using errcode = 'check_violation';
  end if;
  return new;
end
$$;

create function portal.keep_complete_attempt() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.result is not null then
    raise exception 'attempt % is complete and stays so', old.id using errcode = 'check_violation';
  end if;
  if (new.method, new.host, new.path, new.body, new.body_sha256, new.started_at, new.request_id, new.item_id, new.purpose, new.fence)
     is distinct from (old.method, old.host, old.path, old.body, old.body_sha256, old.started_at, old.request_id, old.item_id, old.purpose, old.fence) then
    raise exception 'what attempt % sent does not change', old.id using errcode = 'check_violation';
  end if;
  return new;
end
$$;

create trigger keep_final before update on portal.request for each row execute function portal.keep_final_request();
create trigger keep_final before update on portal.request_item for each row execute function portal.keep_final_item();
create trigger keep_complete before update on portal.attempt for each row execute function portal.keep_complete_attempt();
