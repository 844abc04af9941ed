-- Items of before know neither their lane nor their requester; each was the single call of its request.
update portal.request_item item set
  requester_id = request.requester_id,
  operation = case request.kind when 'keep-copying' then 'CreateImageSyncRepo' else 'StartRemoteMirrorSynchronization' end,
  lane = case request.kind
    when 'keep-copying' then 'swr/' || (request.payload ->> 'sourceRegion')
    else 'codeartsrepo/' || (request.payload ->> 'region') end,
  turn = item.due_at
from portal.request where request.id = item.request_id;

-- What was approved before approvals had an end may be sent for a day from now on.
update portal.request set approved_until = clock_timestamp() + interval '1 day' where state in ('Approved', 'InProgress', 'OutcomeUnknown');

-- Final states never change, whoever writes. What failed may be sent again while its approval holds, and only then. The lists are
-- those of RequestLife; a test compares them.
create or replace function portal.keep_final_request() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state in ('Succeeded', 'Rejected', 'Withdrawn', 'Cancelled', 'Expired') and new.state <> old.state then
    raise exception 'request % is % and stays so', old.id, old.state using errcode = 'check_violation';
  end if;
  if old.state in ('PartlySucceeded', 'Failed', 'NotFollowed') and new.state <> old.state
     and (new.state <> 'InProgress' or old.approved_until is null or old.approved_until <= clock_timestamp()) then
    raise exception 'request % is % and can only be retried while its approval holds', old.id, old.state using errcode = 'check_violation';
  end if;
  if (new.kind, new.payload, new.payload_hash, new.requester_id, new.policy, new.paired_with)
     is distinct from (old.kind, old.payload, old.payload_hash, old.requester_id, old.policy, old.paired_with) then
    raise exception 'what request % asks for does not change', old.id using errcode = 'check_violation';
  end if;
  if old.approved_hash is not null
     and (new.approved_hash, new.approved_until) is distinct from (old.approved_hash, old.approved_until) then
    raise exception 'the approval of request % does not change', old.id using errcode = 'check_violation';
  end if;
  return new;
end
$$;

create or replace function portal.keep_final_item() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state in ('Done', 'AlreadyThere', 'Skipped', 'NotFollowed') and new.state <> old.state then
    raise exception 'item % is % and stays so', old.id, old.state using errcode = 'check_violation';
  end if;
  if old.state = 'Failed' and new.state <> old.state and (new.state <> 'Queued' or not exists (
       select from portal.request where request.id = old.request_id and request.approved_until > clock_timestamp())) then
    raise exception 'item % has failed and can only be retried while its approval holds', old.id using errcode = 'check_violation';
  end if;
  if (new.request_id, new.part, new.target, new.lane, new.operation, new.requester_id)
     is distinct from (old.request_id, old.part, old.target, old.lane, old.operation, old.requester_id) then
    raise exception 'what item % calls does not change', old.id using errcode = 'check_violation';
  end if;
  return new;
end
$$;

-- Approved is what somebody approved: at commit, so that the decision may be written in the same transaction.
create function portal.approved_by_somebody() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (
       select from portal.decision
       where decision.request_id = new.id and decision.verdict = 'Approved' and decision.payload_hash = new.approved_hash) then
    raise exception 'request % is approved without a decision', new.id using errcode = 'check_violation';
  end if;
  return null;
end
$$;

create constraint trigger approved_by_somebody after update on portal.request deferrable initially deferred
  for each row when (new.approved_hash is distinct from old.approved_hash) execute function portal.approved_by_somebody();

-- A settlement is said once, and answered once.
create function portal.keep_settlement() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> 'Proposed'
     or (new.item_id, new.request_id, new.action, new.note, new.actor_id, new.at)
        is distinct from (old.item_id, old.request_id, old.action, old.note, old.actor_id, old.at) then
    raise exception 'settlement % is made and stays so', old.id using errcode = 'check_violation';
  end if;
  return new;
end
$$;

create trigger keep_settlement before update on portal.settlement for each row execute function portal.keep_settlement();
