-- Since PostgreSQL 16 a user that is no superuser, as on managed servers, creates roles it may not
-- switch to, unless it asks for that beforehand.
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 160000 THEN
    PERFORM set_config('createrole_self_grant', 'set, inherit', false);
  END IF;
END
$$;
