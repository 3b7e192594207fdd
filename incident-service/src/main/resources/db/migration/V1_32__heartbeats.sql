alter table monitor add called_at timestamptz;
