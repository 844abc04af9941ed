-- What the audit page's search reads: names, addresses, codes and sentences. Ids, hashes and the names of facts are left out: nobody looks for a
-- part of those, and with them the index was the most expensive part of writing a row.
create function audit.search_text(doc jsonb) returns text language sql immutable parallel safe as $$
  select jsonb_path_query_array(
    jsonb_build_array(doc -> 'actor', (doc -> 'facts') - '{attempt,item,settlement,pairedWith,bodySha256,payloadHash,findings,state,itemState,method}'::text[]),
    'strict $.** ? (@.type() == "string")')::text
$$;

drop index audit.event_text;
create index event_text on audit.event using gin (audit.search_text(doc) gin_trgm_ops);
