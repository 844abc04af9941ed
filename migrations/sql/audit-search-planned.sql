-- The same text as before. A function in plain SQL is parsed and planned anew by every statement that fills the index.
create or replace function audit.search_text(doc jsonb) returns text language plpgsql immutable parallel safe as $$
begin
  return jsonb_path_query_array(
    jsonb_build_array(doc -> 'actor', (doc -> 'facts') - '{attempt,item,settlement,pairedWith,bodySha256,payloadHash,findings,state,itemState,method}'::text[]),
    'strict $.** ? (@.type() == "string")')::text;
end
$$;
