-- Accounts of programs that were there before V1_120 were not registered at that upgrade, but when their ids were made (UUIDv7).
update service_account set registered_at = uuid_extract_timestamp(id)
  where registered_at > uuid_extract_timestamp(id) + interval '1 minute';
