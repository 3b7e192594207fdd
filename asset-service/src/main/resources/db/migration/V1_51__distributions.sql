-- One name for each distribution of RPM packages, whatever tools and publishers call it.
update component set namespace = n.one
  from (values ('rhel', 'redhat'), ('rocky-linux', 'rocky'), ('rockylinux', 'rocky'), ('alma', 'almalinux'), ('sles', 'suse'),
    ('sled', 'suse'), ('opensuse-leap', 'opensuse'), ('opensuse-tumbleweed', 'opensuse')) as n(spelled, one)
  where type = 'rpm' and namespace = n.spelled;
update affected_package set namespace = n.one
  from (values ('rhel', 'redhat'), ('rocky-linux', 'rocky'), ('rockylinux', 'rocky'), ('alma', 'almalinux'), ('sles', 'suse'),
    ('sled', 'suse'), ('opensuse-leap', 'opensuse'), ('opensuse-tumbleweed', 'opensuse')) as n(spelled, one)
  where type = 'rpm' and namespace = n.spelled;
