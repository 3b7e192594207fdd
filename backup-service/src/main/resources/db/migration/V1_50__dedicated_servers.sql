-- Which assets depend on the server that keeps a copy: it is dedicated as long as none does (R12.3).
create index coverage_depends_on on asset_coverage
  using gin ((cast(facts as jsonb) -> 'dependsOn') jsonb_path_ops);
