-- One item from claim to recorded answer with the portal's own statements, one item at a time; the call itself is left out, and so are
-- the rows of lane and rate budget, which the portal changes once for a batch.
with taken as (
  select item.id from portal.request_item item
  where item.lane = 'swr/cn-north-4' and item.operation = 'CreateImageSyncRepo' and item.state = 'Queued'
    and item.due_at <= clock_timestamp() and (item.lease_until is null or item.lease_until < clock_timestamp())
    and not exists (
      select from portal.request_item other
      where other.target = item.target and other.id <> item.id
        and (other.state in ('Sending', 'Observing') or (other.state = 'Unknown' and other.due_at is not null))
      offset 0)
  order by item.turn limit 1 for update skip locked)
update portal.request_item item set fence = fence + 1, lease_until = clock_timestamp() + interval '80 s'
where item.id = any(array(select id from taken)) and set_config('synchronous_commit', 'off', true) is not null
returning item.id, item.request_id, item.fence \gset
select gen_random_uuid() as attempt \gset
begin;
select * from portal.request_item where id = any(array[:id::uuid]) order by id for update;
select *, xmin from portal.request where id = any(array[:request_id::uuid]) order by id for update;
select d.request_id, p.id, p.name, p.roles, p.seen_at from portal.decision d join portal.person p on d.decider_id = p.id where d.request_id = any(array[:request_id::uuid]);
select clock_timestamp();
insert into portal.attempt (id, body, body_sha256, cloud_request_id, duration_ms, error_code, error_message, fence, host, http_status, item_id, jid, method, path, purpose, request_id, response, result)
values (:attempt::uuid, '{"remoteRegionId":"cn-east-3","remoteNamespace":"bench","syncAuto": true,"override": false}', 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00', null, null, null, null, :fence, '127.0.0.1', null, :id::uuid, null, 'POST', '/swr/cn-north-4/v2/manage/namespaces/bench/repos/template$r1/sync_repo', 'Send', :request_id::uuid, null, null)
returning started_at;
insert into audit.event (id, actor_id, actor_name, doc, kind, node, raw, request_id, seq)
select gen_random_uuid(), 'system', 'Portal', d.doc::jsonb, 'dispatch.recorded', 'bench', convert_to(d.doc, 'UTF8'), :request_id::uuid, 1
from (select '{"actor":{"address": null,"id":"system","name":"Portal","roles":["System"]},"facts":{"attempt":"' || :attempt || '","body":"{\"remoteRegionId\":\"cn-east-3\",\"remoteNamespace\":\"bench\",\"syncAuto\": true,\"override\": false}","bodySha256":"c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00","cloudRequestId": null,"durationMs": null,"errorCode": null,"errorMessage": null,"fence": 1,"host":"127.0.0.1","httpStatus": null,"item":"' || :id || '","itemState":"Sending","jid": null,"method":"POST","part": null,"path":"/swr/cn-north-4/v2/manage/namespaces/bench/repos/template$r1/sync_repo","send": 1,"state":"InProgress"},"id":"' || gen_random_uuid() || '","kind":"dispatch.recorded","node":"bench","request":"' || :request_id || '","seq": 1,"v": 1}' as doc) d
returning at, error_code, http_status, jid;
update portal.request set changed_at = clock_timestamp(), event_count = 1, state = 'InProgress' where id = :request_id::uuid returning xmin;
update portal.request_item set due_at = clock_timestamp() + interval '80 s', lease_until = clock_timestamp() + interval '80 s', sends = 1, sent = 'Sending', sent_at = clock_timestamp(), state = 'Sending' where id = :id::uuid and fence = :fence;
commit;
begin;
select * from portal.request_item where id = any(array[:id::uuid]) order by id for update;
select *, xmin from portal.request where id = any(array[:request_id::uuid]) order by id for update;
select * from portal.attempt a where a.id = any(array[:attempt::uuid]);
select clock_timestamp();
select r.id, r.request_id, r.state from portal.request_item r where r.request_id = any(array[:request_id::uuid]);
update portal.attempt set duration_ms = 1, http_status = 200, response = '{}', result = 'Accepted' where id = :attempt::uuid;
insert into audit.event (id, actor_id, actor_name, doc, kind, node, raw, request_id, seq)
select gen_random_uuid(), 'system', 'Portal', d.doc::jsonb, 'dispatch.accepted', 'bench', convert_to(d.doc, 'UTF8'), :request_id::uuid, 2
from (select '{"actor":{"address": null,"id":"system","name":"Portal","roles":["System"]},"facts":{"attempt":"' || :attempt || '","body":"{\"remoteRegionId\":\"cn-east-3\",\"remoteNamespace\":\"bench\",\"syncAuto\": true,\"override\": false}","bodySha256":"c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00","cloudRequestId": null,"durationMs": 1,"errorCode": null,"errorMessage": null,"fence": 1,"host":"127.0.0.1","httpStatus": 200,"item":"' || :id || '","itemState":"Observing","jid": null,"method":"POST","note":"Note.Accepted","part": null,"path":"/swr/cn-north-4/v2/manage/namespaces/bench/repos/template$r1/sync_repo","send": 1,"state":"InProgress"},"id":"' || gen_random_uuid() || '","kind":"dispatch.accepted","node":"bench","request":"' || :request_id || '","seq": 2,"v": 1}' as doc) d
returning at, error_code, http_status, jid;
update portal.request set event_count = 2 where id = :request_id::uuid returning xmin;
update portal.request_item set deadline = clock_timestamp() + interval '10 min', due_at = clock_timestamp(), http_status = 200, lease_until = null, note = 'Note.Accepted', proved = 'Looking', sent = 'Accepted', state = 'Observing' where id = :id::uuid and fence = :fence;
commit;
